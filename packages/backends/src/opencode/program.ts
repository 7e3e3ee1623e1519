import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';

const run = promisify(execFile);
const VERSION_MS = 20_000;

export interface Located {
  path: string;
  version: string;
}

/** The OpenCode program, by setting or by search, and its version. Rejects with `backend-not-installed`. */
export async function locateOpencode(setting: string | undefined, env: Environment): Promise<Located> {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const folders = home === undefined ? [] : [join(home, '.opencode', 'bin')];
  const found = await findProgram({ name: 'opencode', setting, env, folders });
  if (!found.found) {
    const how = 'Install it with "npm install -g opencode-ai", or set the path of the program in BATON_OPENCODE';
    throw new AppError('backend-not-installed', `OpenCode is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  return { path: found.path, version: await readVersion(found.path, env) };
}

type Environment = Readonly<Record<string, string | undefined>>;

const versions = new Map<string, Promise<string>>();

// Asking takes a second, so it is done once for each build of the program.
async function readVersion(path: string, env: Environment): Promise<string> {
  const { mtimeMs } = await stat(path);
  const key = `${path} ${mtimeMs}`;
  const known = versions.get(key) ?? askVersion(path, env);
  versions.set(key, known);
  known.catch(() => versions.delete(key));
  return known;
}

async function askVersion(path: string, env: Environment): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], {
      timeout: VERSION_MS,
      // It keeps a log in the home it is given, whatever it is asked.
      env: { PATH: env['PATH'] ?? '', HOME: env['HOME'] ?? env['USERPROFILE'] ?? '' },
    });
    return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (cause) {
    const message = `${path} does not run: it gave no version. Install OpenCode again`;
    throw new AppError('backend-not-installed', message, {}, { cause });
  }
}
