import { homedir, totalmem } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '@baton/protocol';
import { z } from 'zod';
import { MIN_KEY_CHARS, SHORT_KEY } from './auth/owner-key.ts';
import type { UseLimits } from './limits/judge-use.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What the server is told from outside. Made by `readSettings`; nothing else in this package reads the environment. */
export interface Settings {
  dataDir: string;
  /** 0 lets the system choose. */
  port: number;
  host: string;
  /** Absent: the key in `<data>/owner.key`, made at the first start. */
  ownerKey?: string | undefined;
  /** Folders that sessions may work in, by absolute path. */
  roots: readonly string[];
  /** Host names beside loopback that a request may name; a port behind them means nothing. */
  allowedHosts: readonly string[];
  /** Whether the owner knows that this server is reachable from other machines. */
  allowRemote: boolean;
  logLevel: LogLevel;
  /** The Claude Code program; absent: it is looked for. */
  claudePath?: string | undefined;
  /** The folder of the Claude Agent SDK; absent: where Baton installs it. */
  agentSdkPath?: string | undefined;
  /** The Codex program; absent: it is looked for. */
  codexPath?: string | undefined;
  /** The OpenCode program; absent: it is looked for. */
  opencodePath?: string | undefined;
  /** The built web pages; absent: a plain text says where the API is. */
  webDir?: string | undefined;
  /** How many agent processes may wait, ready, for sessions to come. */
  warmAgents: number;
  /** How many agents run at once; more wait for a place. 0: no limit. */
  agentLimits: { inAll: number; perUser: number };
  /** What an agent may take with all that it starts. */
  agentUse: UseLimits;
  /** How long an agent may have nothing to do, and nobody to watch it, before it is put to sleep. 0: for ever. */
  sleepAfterMinutes: number;
  /** Whether npm is asked, once a day, for newer versions of the agents that are installed. */
  checksUpdates: boolean;
  /** Whether turns are saved as checkpoints by themselves. */
  automaticCheckpoints: boolean;
  limits: Limits;
  /** The environment as it was at start, for the parts that look up keys and programs in it. */
  env: Readonly<Record<string, string | undefined>>;
}

export interface Limits {
  /** Failed sign-ins per minute and address, before the door stays shut for a while. */
  signInPerMinute: number;
  /** Wrong keys per minute and address. */
  keysPerMinute: number;
  /** Frames per second on one live socket, with a burst of five times that. */
  framesPerSecond: number;
  maxSockets: number;
  /** Live sockets that are open and have not said hello yet. */
  maxUngreeted: number;
  maxStreams: number;
  maxSubscriptions: number;
  /** Tasks that run at the same time; more wait. */
  tasksAtOnce: number;
}

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const flag = z.stringbool().default(false);

// With less no agent starts.
const isMemoryLimit = (megabytes: number) => megabytes === 0 || megabytes >= 100;

const environmentSchema = z.object({
  BATON_DATA: z.string().optional(),
  BATON_PORT: z.coerce.number().int().min(0).max(65_535).default(22_866),
  BATON_HOST: z.string().trim().min(1).max(253).default('127.0.0.1'),
  BATON_OWNER_KEY: z.string().min(MIN_KEY_CHARS, SHORT_KEY).max(512).optional(),
  BATON_ROOTS: z.string().optional(),
  BATON_ALLOWED_HOSTS: z.string().default(''),
  BATON_ALLOW_REMOTE: flag,
  BATON_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  BATON_CLAUDE: z.string().optional(),
  BATON_AGENT_SDK: z.string().optional(),
  BATON_CODEX: z.string().optional(),
  BATON_OPENCODE: z.string().optional(),
  BATON_WEB: z.string().optional(),
  BATON_CHECKPOINTS: z.enum(['automatic', 'manual']).default('automatic'),
  BATON_UPDATE_CHECK: z.enum(['daily', 'off']).default('daily'),
  BATON_WARM_AGENTS: z.coerce.number().int().min(0).max(32).optional(),
  BATON_MAX_AGENTS: z.coerce.number().int().min(0).max(10_000).optional(),
  BATON_MAX_AGENTS_PER_USER: z.coerce.number().int().min(0).max(10_000).default(0),
  BATON_AGENT_MEMORY_MB: z.coerce
    .number()
    .int()
    .refine(isMemoryLimit, 'it has to be 0, for no limit, or at least 100')
    .default(0),
  BATON_AGENT_CPU_MINUTES: z.coerce.number().min(0).max(100_000).default(0),
  BATON_AGENT_CPU_CORES: z.coerce.number().min(0.1).max(1024).default(1),
  BATON_SLEEP_AFTER_MINUTES: z.coerce.number().min(0).max(100_000).default(30),
  BATON_TASKS_AT_ONCE: count(4),
  BATON_SIGN_IN_PER_MINUTE: count(10),
  BATON_KEYS_PER_MINUTE: count(300),
  BATON_FRAMES_PER_SECOND: count(200),
  BATON_MAX_SOCKETS: count(2000),
  BATON_MAX_UNGREETED: count(1000),
  BATON_MAX_STREAMS: count(500),
  BATON_MAX_SUBSCRIPTIONS: count(1000),
});

/**
 * Settings from environment variables, then from `overrides` (command line flags win).
 * An empty variable counts as absent. Throws `invalid-input` that names the variable.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  overrides: Partial<Settings> = {},
): Settings {
  const parsed = environmentSchema.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('invalid-input', `Cannot start: ${String(issue?.path[0])} is not valid: ${issue?.message}`);
  }
  const values = parsed.data;
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const settings: Settings = {
    dataDir: resolve(values.BATON_DATA ?? toDataDir(env, home)),
    port: values.BATON_PORT,
    host: values.BATON_HOST,
    ownerKey: values.BATON_OWNER_KEY,
    roots: values.BATON_ROOTS === undefined ? [home] : toRoots(values.BATON_ROOTS),
    allowedHosts: toList(values.BATON_ALLOWED_HOSTS, ',').map((host) => host.toLowerCase()),
    allowRemote: values.BATON_ALLOW_REMOTE,
    logLevel: values.BATON_LOG_LEVEL,
    claudePath: values.BATON_CLAUDE,
    agentSdkPath: values.BATON_AGENT_SDK,
    codexPath: values.BATON_CODEX,
    opencodePath: values.BATON_OPENCODE,
    webDir: values.BATON_WEB,
    warmAgents: values.BATON_WARM_AGENTS ?? toWarmAgents(totalmem()),
    agentLimits: {
      inAll: values.BATON_MAX_AGENTS ?? toMaxAgents(totalmem()),
      perUser: values.BATON_MAX_AGENTS_PER_USER,
    },
    agentUse: toAgentUse(values, totalmem()),
    sleepAfterMinutes: values.BATON_SLEEP_AFTER_MINUTES,
    checksUpdates: values.BATON_UPDATE_CHECK === 'daily',
    automaticCheckpoints: values.BATON_CHECKPOINTS === 'automatic',
    limits: {
      signInPerMinute: values.BATON_SIGN_IN_PER_MINUTE,
      keysPerMinute: values.BATON_KEYS_PER_MINUTE,
      framesPerSecond: values.BATON_FRAMES_PER_SECOND,
      maxSockets: values.BATON_MAX_SOCKETS,
      maxUngreeted: values.BATON_MAX_UNGREETED,
      maxStreams: values.BATON_MAX_STREAMS,
      maxSubscriptions: values.BATON_MAX_SUBSCRIPTIONS,
      tasksAtOnce: values.BATON_TASKS_AT_ONCE,
    },
    env,
  };
  return checkReach({ ...settings, ...overrides });
}

const ROOMY_BYTES = 8 * 1024 ** 3;

/** Each takes some 160 MB, which a small machine needs for the agents that work. */
export function toWarmAgents(totalBytes: number, constrainedBytes: number = process.constrainedMemory()): number {
  return toUsable(totalBytes, constrainedBytes) >= ROOMY_BYTES ? 2 : 0;
}

const AGENT_BYTES = 400 * 1024 ** 2;

/** With its tools an agent takes some 400 MB: 20 with 8 GiB, 4 on the smallest machine. */
export function toMaxAgents(totalBytes: number, constrainedBytes: number = process.constrainedMemory()): number {
  return Math.max(4, Math.floor(toUsable(totalBytes, constrainedBytes) / AGENT_BYTES));
}

const MINUTE_MS = 60_000;
const BUSY_NOTICE_MINUTES = 10;

/** Told of early, ended only where that was asked for: what looks like too much may be the build that was asked for. */
function toAgentUse(values: z.infer<typeof environmentSchema>, totalBytes: number): UseLimits {
  const { BATON_AGENT_MEMORY_MB: megabytes, BATON_AGENT_CPU_MINUTES: minutes } = values;
  const memoryBytes = megabytes * 1024 ** 2;
  const usable = toUsable(totalBytes, process.constrainedMemory());
  return {
    memoryBytes,
    memoryNoticeBytes: memoryBytes === 0 ? usable / 2 : memoryBytes * 0.8,
    busyCores: values.BATON_AGENT_CPU_CORES,
    busyMs: minutes * MINUTE_MS,
    busyNoticeMs: (minutes === 0 ? BUSY_NOTICE_MINUTES : Math.min(BUSY_NOTICE_MINUTES, minutes / 2)) * MINUTE_MS,
  };
}

// No limit is told as 0, or as a number beyond any memory.
function toUsable(totalBytes: number, constrainedBytes: number): number {
  return constrainedBytes > 0 ? Math.min(totalBytes, constrainedBytes) : totalBytes;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

// A key crosses the network in clear without TLS, so being reachable must be a decision.
function checkReach(settings: Settings): Settings {
  if (LOOPBACK.test(settings.host) || settings.allowRemote) return settings;
  throw new AppError(
    'forbidden',
    `Cannot listen on "${settings.host}": other machines could reach this server and nothing would be encrypted. ` +
      'Keep BATON_HOST on 127.0.0.1 and use a tunnel or a TLS proxy, or set BATON_ALLOW_REMOTE=1 to do it all the same',
  );
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function toRoots(text: string): string[] {
  const roots = toList(text, delimiter);
  const relative = roots.find((root) => !isAbsolute(root));
  if (relative !== undefined || roots.length === 0) {
    throw new AppError(
      'invalid-input',
      `Cannot start: BATON_ROOTS must hold absolute folders, not "${relative ?? ''}"`,
    );
  }
  return roots;
}

function toList(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function toDataDir(env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'baton');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'baton');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'baton');
}
