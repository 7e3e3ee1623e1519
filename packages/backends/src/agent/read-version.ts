import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '@baton/protocol';

const run = promisify(execFile);

/** A program and what it says of itself. */
export interface Located {
  path: string;
  version: string;
}

export interface VersionQuestion {
  path: string;
  /** The agent's name, for people. */
  title: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
}

const versions = new Map<string, Promise<string>>();

/** What a program answers to `--version`; asked once for each build of it. Rejects with `backend-not-installed`. */
export async function readVersion(question: VersionQuestion): Promise<string> {
  const { path } = question;
  const { mtimeMs } = await stat(path);
  const key = `${path} ${mtimeMs}`;
  const known = versions.get(key) ?? askVersion(question);
  versions.set(key, known);
  known.catch(() => versions.delete(key));
  return known;
}

async function askVersion({ path, title, env, timeoutMs }: VersionQuestion): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: timeoutMs, env: { ...env } });
    return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (cause) {
    const message = `${path} does not run: it gave no version. Install ${title} again`;
    throw new AppError('backend-not-installed', message, {}, { cause });
  }
}
