import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { createSecret } from '../auth/secret.ts';
import { VERSION } from '../version.ts';
import { type RunnerFile, toRunnerAddress, writeRunnerPid } from './runner-files.ts';
import { toRunnerMarker } from './to-runner-marker.ts';
import { type AgentSettings, type RunnerSettings, toFingerprint, withoutKeys } from './runner-settings.ts';

/** How long a new process may take to say that it listens; on a machine that is very busy it takes seconds. */
const READY_MS = 30_000;
const LAST_WORDS = 2000;

export interface RunnerOrder {
  settings: AgentSettings & Pick<RunnerSettings, 'logLevel'>;
  /** The program that becomes a runner, and its arguments. */
  program: readonly [string, ...string[]];
}

/**
 * Starts a runner: a process in a session of its own, which neither the server's end nor its terminal's touches, and which
 * `<data>/runner.pid` names at once. Rejects with its last words when it does not come to listen.
 */
export async function startRunner({ settings, program }: RunnerOrder): Promise<RunnerFile> {
  const { dataDir } = settings;
  const id = randomBytes(8).toString('hex');
  const told: RunnerSettings = {
    ...settings,
    ...{ id, token: createSecret('baton_runner'), address: toRunnerAddress(dataDir, id) },
    fingerprint: toFingerprint(settings, program),
  };
  const errors = join(dataDir, 'logs', 'runner-errors.log');
  const child = launch(program, { dataDir, errors, id });
  child.stdin?.on('error', () => undefined).end(JSON.stringify(told));
  const pid = await whenReady(child).catch((cause: unknown) => {
    child.kill('SIGKILL');
    throw toStartError(cause, errors);
  });
  const { token, address, fingerprint } = told;
  return { id, pid, address, token, fingerprint, startedAt: new Date().toISOString(), version: VERSION };
}

interface Launch {
  dataDir: string;
  errors: string;
  id: string;
}

function launch([program, ...args]: RunnerOrder['program'], { dataDir, errors, id }: Launch) {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  // A file, not a pipe: what it has to say when the server is gone must not end it.
  const stderr = openSync(errors, 'w', 0o600);
  try {
    // Found by it, and ended, should it not listen any more.
    const env = { ...withoutKeys(process.env), BATON_SERVER: toRunnerMarker(dataDir, id) };
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', stderr], cwd: dataDir, env });
    if (child.pid !== undefined) writeRunnerPid(dataDir, child.pid);
    child.unref();
    return child;
  } finally {
    closeSync(stderr);
  }
}

// Its first word on standard output says that it listens.
async function whenReady(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const timer = setTimeout(() => reject(new Error(`it said nothing for ${READY_MS / 1000} s`)), READY_MS);
  child.once('error', reject);
  child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
  child.stdout?.once('data', () => resolve(child.pid ?? 0));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.stdout?.destroy();
  }
}

function toStartError(cause: unknown, errors: string): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const said = readTail(errors);
  const words = said === '' ? '' : `. Its last words: ${said}`;
  const message = `The runner, which holds the agents, did not start: ${why}${words}`;
  return new AppError('internal', message, {}, { cause });
}

function readTail(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-LAST_WORDS).trim();
  } catch {
    return '';
  }
}
