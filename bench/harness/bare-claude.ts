import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import type { Rehearsal } from '@baton/rehearsal';

/** The real CLI, as the tests pin it. */
export const CLAUDE = join(
  import.meta.dirname,
  ...['..', '..', 'test-agents', 'node_modules', 'claude-code', 'bin', 'claude.exe'],
);

/** The CLI as Baton starts it, with nothing between it and the clock. */
export const CLAUDE_ARGUMENTS = [
  ...['-p', '--output-format', 'stream-json', '--input-format', 'stream-json', '--verbose'],
  ...['--include-partial-messages', '--permission-prompt-tool', 'stdio'],
];

export const PROMPT = 'Say this back to me.';

export function toModelEnv(rehearsal: Rehearsal): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: rehearsal.url,
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
  };
}

export function writePrompt(child: ChildProcessWithoutNullStreams): void {
  const message = { role: 'user', content: PROMPT };
  child.stdin.write(`${JSON.stringify({ type: 'user', message, parent_tool_use_id: null })}\n`);
}
