import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';

const runnerFileSchema = z.object({
  id: z.string().regex(/^[\da-f]{8,32}$/),
  pid: z.int(),
  /** A socket's path, or the name of a pipe. */
  address: z.string(),
  /** Who knows it may command the runner. */
  token: z.string(),
  /** What it was started with; see `toFingerprint`. */
  fingerprint: z.string(),
  startedAt: z.string(),
  version: z.string(),
});
/** How a server finds a runner again: `<data>/runner/<id>.json`, readable by the owner alone. */
export type RunnerFile = z.infer<typeof runnerFileSchema>;

const FOLDER = 'runner';
const PID_FILE = 'runner.pid';
const ELSEWHERE = 'baton-runner-';
/** A socket's path may be no longer on Linux (108) and macOS (104), with its end. */
const MAX_ADDRESS = 100;

/** Where a runner writes down what its agents heard. */
export function toHeardFolder(dataDir: string, id: string): string {
  return join(dataDir, FOLDER, `${id}.heard`);
}

export function writeRunnerFile(dataDir: string, file: RunnerFile): void {
  const folder = join(dataDir, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${file.id}.new`);
  writeFileSync(draft, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, `${file.id}.json`));
}

/** Every runner that said where it is and did not say that it went. A file that makes no sense is left out. */
export function readRunnerFiles(dataDir: string): RunnerFile[] {
  const folder = join(dataDir, FOLDER);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const json = parseJson(readFileSync(join(folder, name), 'utf8'));
      const parsed = runnerFileSchema.safeParse(json.ok ? json.value : undefined);
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Forgets a runner that is not there any more. */
export function removeRunnerFile(dataDir: string, { id, pid, address }: RunnerFile): void {
  rmSync(join(dataDir, FOLDER, `${id}.json`), { force: true });
  rmSync(toHeardFolder(dataDir, id), { recursive: true, force: true });
  if (process.platform !== 'win32') rmSync(address, { force: true });
  // A folder made for it alone; the data folder may be a temporary one too.
  if (isElsewhere(dataDir, address)) rmSync(dirname(address), { recursive: true, force: true });
  if (readRunnerPid(dataDir) === pid) rmSync(join(dataDir, PID_FILE), { force: true });
}

function isElsewhere(dataDir: string, address: string): boolean {
  return address.startsWith(join(tmpdir(), ELSEWHERE)) && dirname(address) !== join(dataDir, FOLDER);
}

/** Names the runner that new agents are started in: `<data>/runner.pid`. */
export function writeRunnerPid(dataDir: string, pid: number): void {
  writeFileSync(join(dataDir, PID_FILE), `${pid}\n`, { mode: 0o600 });
}

function readRunnerPid(dataDir: string): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, PID_FILE), 'utf8').trim());
  } catch {
    return undefined;
  }
}

/** Where a new runner listens: in the data folder, unless that is too deep for a socket. */
export function toRunnerAddress(dataDir: string, id: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\baton-${id}`;
  mkdirSync(join(dataDir, FOLDER), { recursive: true, mode: 0o700 });
  const address = join(dataDir, FOLDER, `${id}.sock`);
  return Buffer.byteLength(address) <= MAX_ADDRESS
    ? address
    : join(mkdtempSync(join(tmpdir(), ELSEWHERE)), 'runner.sock');
}
