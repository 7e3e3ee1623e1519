import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BackendView, toAppError } from '@baton/protocol';
import { z } from 'zod';
import { LOOK_MS, type Located } from '../agent/read-version.ts';
import { locateOpencode } from './program.ts';

const run = promisify(execFile);

const CAPABILITIES: BackendView['capabilities'] = [
  ...(['approvals', 'questions', 'images', 'interrupt', 'resume', 'fork', 'rewind', 'steer'] as const),
  ...(['live-model', 'live-mode', 'live-effort', 'commands', 'subagents', 'reasoning'] as const),
];

/** The agents every OpenCode has; a running one tells those of its folder as well. */
const MODES: BackendView['modes'] = [
  { id: 'build', title: 'Build', description: 'Works with all tools, as your OpenCode permissions allow' },
  { id: 'plan', title: 'Plan', description: 'Reads and plans, changes no files' },
];

const KEY = /^(?!GITHUB_)[A-Z0-9_]+_API_KEY$/;

/** Looks for the program and asks whether it knows a provider. Starts no session; never throws. */
export async function probeOpencode(view: {
  id: string;
  title: string;
  setting: string | undefined;
  env: Readonly<Record<string, string>>;
}): Promise<BackendView> {
  const { id, title, setting, env } = view;
  const base = { id, title, capabilities: [...CAPABILITIES], models: [], modes: [...MODES] };
  try {
    const located = await locateOpencode(setting, env);
    const authenticated = await readAuthentication(located, env);
    const { path, version } = located;
    return { ...base, installed: true, version, path, authenticated };
  } catch (error) {
    return { ...base, installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}

// A provider may also need no key (a local model, one from a configuration file), so nothing found proves nothing.
async function readAuthentication(
  { path }: Located,
  env: Readonly<Record<string, string>>,
): Promise<BackendView['authenticated']> {
  if (Object.entries(env).some(([name, value]) => KEY.test(name) && value !== '')) return 'yes';
  if ((env['OPENCODE_AUTH_CONTENT'] ?? '') !== '') return 'yes';
  const output = await run(path, ['auth', 'list'], { timeout: LOOK_MS, env: { ...env } }).catch(
    (error: unknown) => error,
  );
  const printed = z.object({ stdout: z.string(), stderr: z.string().default('') }).safeParse(output);
  const count = printed.success
    ? /(\d+) credentials?\b/.exec(`${printed.data.stdout}${printed.data.stderr}`)?.[1]
    : undefined;
  return count !== undefined && Number(count) > 0 ? 'yes' : 'unknown';
}
