import { join } from 'node:path';
import type { Rehearsal } from '@baton/rehearsal';
import { AGENTS_FOLDER, type BareAgent, type BarePlace, PROMPT } from './bare-agent.ts';
import { timeProgram } from './bare-program.ts';

export const CLAUDE = join(AGENTS_FOLDER, 'claude-code', 'bin', 'claude.exe');

const STREAMED = ['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'];

/** The CLI as Baton starts it. */
export const CLAUDE_ARGUMENTS = [...STREAMED, '--input-format', 'stream-json', '--permission-prompt-tool', 'stdio'];

export function toModelEnv(rehearsal: Rehearsal): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: rehearsal.url,
    ANTHROPIC_API_KEY: rehearsal.apiKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
  };
}

export function toClaudePrompt(): object {
  return { type: 'user', message: { role: 'user', content: PROMPT }, parent_tool_use_id: null };
}

function measureStream({ cwd, env }: BarePlace): Promise<number> {
  return timeProgram({ command: CLAUDE, args: CLAUDE_ARGUMENTS, cwd, env }, async (program) => {
    program.write(toClaudePrompt());
    await program.until('"text_delta"');
  });
}

function measureArgument({ cwd, env }: BarePlace): Promise<number> {
  return timeProgram({ command: CLAUDE, args: [...STREAMED, PROMPT], cwd, env }, async (program) => {
    program.endInput();
    await program.until('"text_delta"');
  });
}

export const CLAUDE_AGENT: BareAgent = {
  title: 'Claude Code',
  backend: 'claude',
  serverEnv: { BATON_CLAUDE: CLAUDE },
  sessionEnv: toModelEnv,
  bare: [
    { name: 'prompt by stdin', measure: measureStream },
    { name: 'prompt on the command line', measure: measureArgument },
  ],
  next: 'kept warm',
  rounds: 15,
};
