import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BackendView, toAppError } from '@baton/protocol';
import { z } from 'zod';
import { readSetup, toUserHome } from './home.ts';
import { toProvider } from './launch.ts';
import { MODES } from './modes.ts';
import { type Located, locateCodex } from './program.ts';

const run = promisify(execFile);
const AUTH_MS = 8000;

const CAPABILITIES: BackendView['capabilities'] = [
  ...(['approvals', 'questions', 'images', 'interrupt', 'resume', 'fork', 'rewind', 'steer'] as const),
  ...(['live-model', 'live-mode', 'live-effort', 'commands', 'subagents', 'reasoning'] as const),
];

/** Looks for the CLI and asks whether it is signed in. Starts no session; never throws. */
export async function probeCodex(view: {
  id: string;
  title: string;
  setting: string | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BackendView> {
  const { id, title, setting, env } = view;
  const base = { id, title, capabilities: [...CAPABILITIES], models: [], modes: [...MODES] };
  try {
    const located = await locateCodex(setting, env);
    const authenticated = await readAuthentication(located, env);
    const how = 'Run "codex login" in a terminal, or set OPENAI_API_KEY, and look again';
    const problem = authenticated === 'no' ? { problem: `Codex is not signed in. ${how}` } : {};
    return { ...base, installed: true, version: located.version, path: located.path, authenticated, ...problem };
  } catch (error) {
    return { ...base, installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}

const saidSchema = z.object({ code: z.number(), stderr: z.string() });

async function readAuthentication(
  { path }: Located,
  env: Readonly<Record<string, string>>,
): Promise<BackendView['authenticated']> {
  const setup = await readSetup(toUserHome(env));
  // A provider of the user's own needs no login of OpenAI.
  if (toProvider(env, setup) !== undefined || /^\s*model_provider\s*=/m.test(setup.config)) return 'yes';
  try {
    await run(path, ['login', 'status'], { timeout: AUTH_MS, env: { ...env } });
    return 'yes';
  } catch (error) {
    const said = saidSchema.safeParse(error);
    // A home that does not exist yet has no login either.
    return said.success && /not logged in|does not exist/i.test(said.data.stderr) ? 'no' : 'unknown';
  }
}
