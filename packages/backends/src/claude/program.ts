import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';

const run = promisify(execFile);
const VERSION_MS = 10_000;

export interface Located {
  path: string;
  version: string;
}

/** The Claude Code CLI, by setting or by search, and its version. Rejects with `backend-not-installed`. */
export async function locateClaude(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  const folders = env['HOME'] === undefined ? [] : [join(env['HOME'], '.claude', 'local')];
  const found = await findProgram({ name: 'claude', setting, env, folders });
  if (!found.found) {
    const how = 'Install it with "npm install -g @anthropic-ai/claude-code", or set the path of the program';
    throw new AppError('backend-not-installed', `Claude Code is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  return { path: found.path, version: await readVersion(found.path) };
}

const versions = new Map<string, Promise<string>>();

// Asking takes a tenth of a second, so it is done once for each build of the program.
async function readVersion(path: string): Promise<string> {
  const { mtimeMs } = await stat(path);
  const key = `${path} ${mtimeMs}`;
  const known = versions.get(key) ?? askVersion(path);
  versions.set(key, known);
  known.catch(() => versions.delete(key));
  return known;
}

async function askVersion(path: string): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], {
      timeout: VERSION_MS,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (cause) {
    throw new AppError(
      'backend-not-installed',
      `${path} does not run: it gave no version. Install Claude Code again`,
      {},
      { cause },
    );
  }
}
