import { toEnvironment } from '@baton/runner';
import { BYPASS, canBypass } from './modes.ts';

/** Variables of the server's own environment that are meant for Claude Code. Others of its prefix are not passed on. */
const PASSED = [
  ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL', 'ANTHROPIC_CUSTOM_HEADERS'],
  ...[
    'ANTHROPIC_SMALL_FAST_MODEL',
    'ANTHROPIC_DEFAULT_*',
    'ANTHROPIC_BEDROCK_*',
    'ANTHROPIC_VERTEX_*',
    'ANTHROPIC_FOUNDRY_*',
  ],
  ...[
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_USE_*',
    'CLAUDE_CODE_SKIP_*',
    'AWS_*',
    'CLOUD_ML_REGION',
  ],
  ...['GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT', 'VERTEX_REGION_*', 'API_TIMEOUT_MS', 'MCP_TIMEOUT'],
  ...[
    'CLAUDE_CODE_MAX_RETRIES',
    'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
    'MAX_THINKING_TOKENS',
    'MCP_TOOL_TIMEOUT',
    'BASH_*',
    'CLAUDE_CODE_TMPDIR',
  ],
  ...['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'DISABLE_TELEMETRY', 'DISABLE_ERROR_REPORTING'],
];

/** Settings of the CLI, as it takes them. */
export const SETTINGS = JSON.stringify({ cleanupPeriodDays: 3650 });

/** The whole environment of a Claude Code process. What the session sets wins over everything but Baton's own names. */
export function toClaudeEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  const passed = toEnvironment({ from, allow: PASSED });
  const ours = {
    // Ten retries, the CLI's own choice, keep a person waiting for minutes before they learn that a key is wrong.
    CLAUDE_CODE_MAX_RETRIES: '3',
    ...passed,
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS: '1',
    CLAUDE_CODE_STARTUP_FAILURE_RESULTS: '1',
    // As `forwardSubagentText` of `initialize`, which comes too late for a first turn: see `canBeginUnasked`.
    CLAUDE_CODE_FORWARD_SUBAGENT_TEXT: '1',
  };
  return toEnvironment({ from: {}, set: { ...ours, ...set } });
}

/** Which conversation a process begins with. `id` is always the one it is in from then on. */
export type Conversation =
  | { type: 'new'; id: string }
  | { type: 'resume'; id: string }
  /** A copy of another conversation, whole or up to a message; that one stays as it is. */
  | { type: 'branch'; id: string; from: string; upTo?: string | undefined };

/** The first of which it was measured that it heeds `CLAUDE_CODE_FORWARD_SUBAGENT_TEXT`; 2.1.197 does not. */
const FIRST_UNASKED = [2, 1, 329];

/** Whether a first turn misses nothing when `initialize` comes after its prompt. */
export function canBeginUnasked(version: string): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  const at = FIRST_UNASKED.findIndex((part, index) => parts[index] !== part);
  return at === -1 || (parts[at] ?? 0) > (FIRST_UNASKED[at] ?? 0);
}

export interface LaunchChoice {
  conversation: Conversation;
  model?: string | undefined;
  mode?: string | undefined;
  effort?: string | undefined;
  env: Readonly<Record<string, string>>;
}

export function toArguments(choice: LaunchChoice): string[] {
  const { conversation, model, mode, effort, env } = choice;
  return [
    ...['-p', '--output-format', 'stream-json', '--input-format', 'stream-json', '--verbose'],
    ...['--include-partial-messages', '--permission-prompt-tool', 'stdio', '--settings', SETTINGS],
    // It tells when a message has entered the conversation, which a result of an older version does not.
    '--replay-user-messages',
    ...toConversationArguments(conversation),
    ...(model === undefined ? [] : ['--model', model]),
    ...(mode === undefined ? [] : ['--permission-mode', mode]),
    ...(effort === undefined ? [] : ['--effort', effort]),
    // Without this a running agent can never be switched to that mode; it changes nothing else.
    ...(mode !== BYPASS && canBypass(env, process.getuid?.()) ? ['--allow-dangerously-skip-permissions'] : []),
  ];
}

function toConversationArguments(conversation: Conversation): string[] {
  switch (conversation.type) {
    case 'new':
      return ['--session-id', conversation.id];
    case 'resume':
      return ['--resume', conversation.id];
    case 'branch': {
      const { id, from, upTo } = conversation;
      const until = upTo === undefined ? [] : ['--resume-session-at', upTo];
      return ['--resume', from, '--fork-session', '--session-id', id, ...until];
    }
  }
}
