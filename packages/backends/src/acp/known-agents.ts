import type { AgentMode, AgentModel, Capability } from '@baton/protocol';
import { readFingerprint } from '../claude/fingerprint.ts';
import { startsQuietly } from '../claude/quiet-start.ts';

/** Where and when a conversation is begun. */
export interface BeginPlace {
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** In milliseconds since 1970. */
  now: number;
}

export interface KnownAgent {
  /** Beside what every agent of the protocol can; measured with the versions in the folder's README. */
  capabilities: readonly Capability[];
  /** Variables with a key that signs it in. */
  keys?: readonly string[];
  /** Files under the home folder that hold credentials once somebody signed in. */
  credentials?: readonly string[];
  models?: readonly AgentModel[];
  modes?: readonly AgentMode[];
  /**
   * What its program reads once, before it has a conversation: files under the home folder, and files in the folder it works in
   * and those above. Absent: nobody looked, so none of it is kept ready.
   */
  reads?: { home: readonly string[]; folder: readonly string[] };
  /**
   * How one that is kept ready may begin a conversation before anybody asks for one, which it has to be able to close again.
   * Absent: it waits for that, because it gains nothing, or because nobody looked what it does.
   */
  ahead?: {
    /** Whether a conversation in which nothing is said does nothing that anybody would notice; false when that is not certain. */
    isQuiet(place: BeginPlace): Promise<boolean>;
    /** Changes with all that it reads when a conversation begins, and with all that decides whether it is quiet. */
    describe(place: BeginPlace): Promise<string>;
  };
}

const GEMINI_MODELS: readonly AgentModel[] = [
  { id: 'auto', title: 'Auto', description: 'Let Gemini CLI decide the best model for the task' },
  { id: 'gemini-2.5-pro', title: 'gemini-2.5-pro' },
];
const GEMINI_MODES: readonly AgentMode[] = [
  { id: 'default', title: 'Default', description: 'Prompts for approval' },
  { id: 'autoEdit', title: 'Auto Edit', description: 'Auto-approves edit tools' },
  { id: 'yolo', title: 'YOLO', description: 'Auto-approves all tools' },
  { id: 'plan', title: 'Plan', description: 'Read-only mode' },
];

/**
 * Agents whose conversations are read where they store them, by the reader of the agent that they are or run: nobody has to ask
 * them. One that somebody configured may run the same program; its conversations are told apart by their ids.
 */
export const READ_WHERE_STORED: ReadonlySet<string> = new Set(['gemini', 'opencode-acp', 'claude-acp', 'codex-acp']);

/** What is known of agents before they were ever started, by the id of their preset. */
export const KNOWN: Readonly<Record<string, KnownAgent>> = {
  gemini: {
    capabilities: ['images', 'resume'],
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    credentials: ['.gemini/oauth_creds.json'],
    models: GEMINI_MODELS,
    modes: GEMINI_MODES,
    reads: {
      home: [
        ...['.env', '.gemini/.env', '.gemini/settings.json', '.gemini/trustedFolders.json'],
        ...['.gemini/oauth_creds.json', '.gemini/google_accounts.json', '.gemini/extensions'],
      ],
      folder: ['.env', '.gemini/.env', '.gemini/settings.json'],
    },
  },
  'opencode-acp': {
    capabilities: ['images', 'resume', 'fork', 'live-effort'],
    credentials: ['.local/share/opencode/auth.json'],
  },
  'claude-acp': {
    capabilities: ['images', 'resume', 'fork', 'steer', 'questions', 'subagents', 'live-effort'],
    keys: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
    credentials: ['.claude/.credentials.json'],
    // Its Claude Code starts with the conversation and reads the rest by then. It stores nothing of it before the first prompt.
    reads: {
      home: ['.claude/settings.json', '.claude/.credentials.json'],
      folder: ['.claude/settings.json', '.claude/settings.local.json'],
    },
    ahead: { isQuiet: startsQuietly, describe: readFingerprint },
  },
  'codex-acp': {
    capabilities: ['images', 'resume', 'fork', 'steer', 'questions', 'live-effort'],
    keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    credentials: ['.codex/auth.json'],
  },
  copilot: {
    capabilities: ['images', 'resume', 'subagents', 'list'],
    keys: ['GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_PROVIDER_API_KEY'],
  },
  qwen: {
    capabilities: ['images', 'resume', 'questions', 'subagents', 'list'],
    keys: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY'],
    credentials: ['.qwen/oauth_creds.json'],
  },
  kimi: {
    capabilities: ['images', 'resume', 'fork', 'questions', 'live-effort', 'list'],
    keys: ['KIMI_MODEL_API_KEY'],
    credentials: ['.kimi-code/credentials/kimi-code.json'],
  },
  cursor: { capabilities: ['images', 'resume'], keys: ['CURSOR_API_KEY'] },
};
