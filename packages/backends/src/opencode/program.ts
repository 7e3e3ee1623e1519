import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';
import { type Located, LOOK_MS, readVersion } from '../agent/read-version.ts';

/** The OpenCode program, by setting or by search. Rejects with `backend-not-installed`. */
export async function findOpencode(setting: string | undefined, env: Environment): Promise<string> {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const folders = home === undefined ? [] : [join(home, '.opencode', 'bin')];
  const found = await findProgram({ name: 'opencode', setting, env, folders });
  if (!found.found) {
    const how = 'Install it with "npm install -g opencode-ai", or set the path of the program in BATON_OPENCODE';
    throw new AppError('backend-not-installed', `OpenCode is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  return found.path;
}

/** The program and its version, which takes a second to ask for; one that serves tells it by itself. */
export async function locateOpencode(setting: string | undefined, env: Environment): Promise<Located> {
  const path = await findOpencode(setting, env);
  // It keeps a log in the home it is given, whatever it is asked.
  const own = { PATH: env['PATH'] ?? '', HOME: env['HOME'] ?? env['USERPROFILE'] ?? '' };
  return { path, version: await readVersion({ path, title: 'OpenCode', env: own, timeoutMs: LOOK_MS }) };
}

type Environment = Readonly<Record<string, string | undefined>>;
