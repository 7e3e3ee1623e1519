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

/** A program that was found and may be started before it has said its version. */
export interface Found {
  path: string;
  /** Tells one build from another in the same place. */
  build: string;
  /** Rejects with `backend-not-installed` when it does not run. */
  version: Promise<string>;
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
  const { version } = await identify(question);
  return version;
}

/** The same for one whose answer nobody waits for yet. */
export async function identify(question: VersionQuestion): Promise<Found> {
  const { path } = question;
  const { mtimeMs } = await stat(path);
  const build = `${path} ${mtimeMs}`;
  const version = versions.get(build) ?? askVersion(question);
  versions.set(build, version);
  version.catch(() => versions.delete(build));
  return { path, build, version };
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
