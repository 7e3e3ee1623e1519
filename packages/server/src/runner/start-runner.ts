import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toDiskFault, toDiskFaultSaid } from '@baton/protocol';
import { createSecret } from '../auth/secret.ts';
import { VERSION } from '../version.ts';
import { removeRunnerFile, type RunnerFile, toRunnerAddress, writeRunnerPid } from './runner-files.ts';
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
  const errors = join(dataDir, 'logs', 'runner-errors.log');
  const startedAt = new Date().toISOString();
  let file: RunnerFile | undefined;
  let child: ChildProcess | undefined;
  try {
    const address = toRunnerAddress(dataDir, id);
    const fingerprint = toFingerprint(settings, program);
    const token = createSecret('baton_runner');
    file = { id, pid: 0, address, token, fingerprint, startedAt, version: VERSION };
    child = launch(program, { dataDir, errors, id });
    file.pid = child.pid ?? 0;
    const told: RunnerSettings = { ...settings, id, token, address, fingerprint };
    child.stdin?.on('error', () => undefined).end(JSON.stringify(told));
    await whenReady(child, () => writeRunnerPid(dataDir, child?.pid ?? 0));
    return file;
  } catch (cause) {
    child?.kill('SIGKILL');
    if (file !== undefined) removeRunnerFile(dataDir, file);
    throw toStartError(cause, errors);
  }
}

interface Launch {
  dataDir: string;
  errors: string;
  id: string;
}

function launch([program, ...args]: RunnerOrder['program'], { dataDir, errors, id }: Launch): ChildProcess {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  // A file, not a pipe: what it has to say when the server is gone must not end it.
  const stderr = openSync(errors, 'w', 0o600);
  try {
    // Found by it, and ended, should it not listen any more.
    const env = { ...withoutKeys(process.env), BATON_SERVER: toRunnerMarker(dataDir, id) };
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', stderr], cwd: dataDir, env });
    child.unref();
    return child;
  } finally {
    closeSync(stderr);
  }
}

// Its first word on standard output says that it listens.
async function whenReady(child: ChildProcess, onBegun: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`it said nothing for ${READY_MS / 1000} s`)), READY_MS);
  child.once('error', reject);
  child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
  child.stdout?.once('data', () => resolve());
  try {
    if (child.pid !== undefined) onBegun();
    await promise;
  } finally {
    clearTimeout(timer);
    child.stdout?.destroy();
  }
}

const WHAT = 'The runner, which holds the agents, did not start';

function toStartError(cause: unknown, errors: string): AppError {
  if (cause instanceof Error && 'syscall' in cause && !String(cause.syscall).startsWith('spawn')) {
    return toDiskFault(WHAT, cause);
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  const said = readTail(errors);
  const words = said === '' ? '' : `. Its last words: ${said}`;
  return toDiskFaultSaid(WHAT, said) ?? new AppError('internal', `${WHAT}: ${why}${words}`, {}, { cause });
}

function readTail(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-LAST_WORDS).trim();
  } catch {
    return '';
  }
}
