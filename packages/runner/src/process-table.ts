import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A living process. `startTime` tells a process from a later one with the same pid; it is compared, never shown. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  session: number;
  startTime: string;
}

/** Every living process this user may see; zombies count as dead. On a system that cannot be asked: none. */
export async function readProcessTable(): Promise<ProcessEntry[]> {
  if (process.platform === 'linux') return readFromProc();
  if (process.platform === 'win32') return [];
  return parsePs(await readPs());
}

/** One living process, as `readProcessTable` tells it. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (process.platform === 'linux') return parseStat(readOrNothing(`/proc/${pid}/stat`));
  return (await readProcessTable()).find((entry) => entry.pid === pid);
}

/** The environment a process began with, as `A=1\0B=2\0`; empty when it is gone, not ours, or not Linux. */
export function readEnviron(pid: number): string {
  return process.platform === 'linux' ? readOrNothing(`/proc/${pid}/environ`) : '';
}

/** Memory that a process holds now, in bytes; 0 when it is gone or the system does not tell. */
export async function readResidentBytes(pid: number): Promise<number> {
  if (process.platform === 'win32') return 0;
  const status = process.platform === 'linux' ? readOrNothing(`/proc/${pid}/status`) : await readPsMemory(pid);
  const kilobytes = /^(?:VmRSS:)?\s*(\d+)/m.exec(status.slice(Math.max(0, status.indexOf('VmRSS:'))))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

async function readPsMemory(pid: number): Promise<string> {
  const read = promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return read.then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** How many processes are looked at in one go, some 10 µs each; other work comes between. */
const IN_ONE_GO = 64;

/** Does something with each, a few at a time, so that a machine with many processes holds nothing else up. */
export async function mapInTurns<T, R>(items: readonly T[], map: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += IN_ONE_GO) {
    if (from > 0) await setImmediate();
    results.push(...items.slice(from, from + IN_ONE_GO).map(map));
  }
  return results;
}

async function readFromProc(): Promise<ProcessEntry[]> {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const entries = await mapInTurns(names, (name) => parseStat(readOrNothing(`/proc/${name}/stat`)));
  return entries.filter((entry) => entry !== undefined);
}

// These files lie in memory: a thread and a promise for each would cost a hundred times the reading.
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** One `/proc/PID/stat`. The command in parentheses may itself hold spaces and parentheses. */
export function parseStat(stat: string): ProcessEntry | undefined {
  const close = stat.lastIndexOf(')');
  if (close === -1) return undefined;
  const [state, parent, group, session, ...rest] = stat.slice(close + 2).split(' ');
  if (state === undefined || state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime: rest[15] ?? '',
  };
}

async function readPs(): Promise<string> {
  const run = promisify(execFile);
  const result = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { maxBuffer: 16 * 1024 * 1024 });
  return result.stdout;
}

/** Output of `ps -A -o pid=,ppid=,pgid=,stat=,lstart=` (macOS, BSD), where sessions are not told: the group stands in. */
export function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, state, ...start] = line.trim().split(/\s+/);
    if (pid === undefined || pid === '' || state === undefined || state.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: Number(group),
        startTime: start.join(' '),
      },
    ];
  });
}
