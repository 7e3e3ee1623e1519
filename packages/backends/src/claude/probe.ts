import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BackendView, parseJson, toAppError } from '@baton/protocol';
import { z } from 'zod';
import { MODELS, MODES, canBypass } from './modes.ts';
import { LOOK_MS, type Located } from '../agent/read-version.ts';
import { locateClaude } from './program.ts';

const run = promisify(execFile);

const CAPABILITIES: BackendView['capabilities'] = [
  ...(['approvals', 'questions', 'images', 'interrupt', 'resume', 'fork', 'rewind', 'steer'] as const),
  ...(['live-model', 'live-mode', 'live-effort', 'commands', 'subagents', 'reasoning'] as const),
];

const statusSchema = z.object({ loggedIn: z.boolean() });

/** Looks for the CLI and asks whether it is signed in. Starts no session; never throws. */
export async function probeClaude(view: {
  id: string;
  title: string;
  setting: string | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BackendView> {
  const { id, title, setting, env } = view;
  const base = { id, title, ...toClaudeOffer(env) };
  try {
    const located = await locateClaude(setting, env);
    const authenticated = await readAuthentication(located, env);
    const how = 'Run "claude auth login" in a terminal, or set ANTHROPIC_API_KEY, and look again';
    const problem = authenticated === 'no' ? { problem: `Claude Code is not signed in. ${how}` } : {};
    return { ...base, installed: true, version: located.version, path: located.path, authenticated, ...problem };
  } catch (error) {
    return { ...base, installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}

/** What Claude Code can do, and what it offers before it was asked. */
export function toClaudeOffer(
  env: Readonly<Record<string, string>>,
): Pick<BackendView, 'capabilities' | 'models' | 'modes'> {
  const modes = MODES.filter((mode) => mode.id !== 'bypassPermissions' || canBypass(env, process.getuid?.()));
  return { capabilities: [...CAPABILITIES], models: [...MODELS], modes };
}

const KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];
const CLOUDS = ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_FOUNDRY'];

export async function readAuthentication(
  { path }: Pick<Located, 'path'>,
  env: Readonly<Record<string, string>>,
): Promise<BackendView['authenticated']> {
  // The CLI only looks whether a key is there, and so can we.
  if ([...KEYS, ...CLOUDS].some((name) => (env[name] ?? '') !== '')) return 'yes';
  const output = await run(path, ['auth', 'status'], { timeout: LOOK_MS, env: { ...env } }).catch(
    (error: unknown) => error,
  );
  const printed = z.object({ stdout: z.string() }).safeParse(output);
  const parsed = printed.success ? parseJson(printed.data.stdout) : undefined;
  const status = statusSchema.safeParse(parsed?.ok === true ? parsed.value : undefined);
  if (!status.success) return 'unknown';
  return status.data.loggedIn ? 'yes' : 'no';
}
