import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { mapInTurns } from './process-table.ts';

/** What a process has taken so far, and holds now. */
export interface ProcessUsage {
  cpuMs: number;
  rssBytes: number;
}

/** Those of them that live, by pid. On a system that cannot be asked (Windows): none. */
export async function readUsage(pids: readonly number[]): Promise<Map<number, ProcessUsage>> {
  if (pids.length === 0 || process.platform === 'win32') return new Map();
  if (process.platform !== 'linux') return parsePsUsage(await readPsUsage(pids));
  const found = await mapInTurns(pids, (pid) => parseStatUsage(readStat(pid)));
  return new Map(pids.flatMap((pid, index) => (found[index] === undefined ? [] : [[pid, found[index]]])));
}

/**
 * Memory that processes hold together, where what several share counts once. It costs milliseconds for each gigabyte, outside
 * of the event loop. Undefined where the system does not tell (only Linux does).
 */
export async function readHeldBytes(pids: readonly number[]): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const parts = await Promise.all(pids.map(readShare));
  return parts.some((part) => part !== undefined)
    ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)
    : undefined;
}

async function readShare(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss:\s+(\d+)/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The kernel counts time in hundredths of a second for every program, whatever its own clock does (USER_HZ). */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** One `/proc/PID/stat`. The command in parentheses may itself hold spaces and parentheses. */
export function parseStatUsage(stat: string): ProcessUsage | undefined {
  const close = stat.lastIndexOf(')');
  if (close === -1) return undefined;
  const fields = stat.slice(close + 2).split(' ');
  const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
  if (user === undefined || system === undefined || pages === undefined || Number.isNaN(pages)) return undefined;
  return { cpuMs: (user + system) * TICK_MS, rssBytes: pages * PAGE_BYTES };
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

// `ps` fails when one of the processes is gone, and prints the others all the same.
async function readPsUsage(pids: readonly number[]): Promise<string> {
  const run = promisify(execFile)('ps', ['-o', 'pid=,rss=,time=', '-p', pids.join(',')]);
  return run.then(
    ({ stdout }) => stdout,
    (error: unknown) =>
      error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '',
  );
}

/** Output of `ps -o pid=,rss=,time=` (macOS, BSD): kilobytes, and time as `[[d-]h:]m:s.hh`. */
export function parsePsUsage(text: string): Map<number, ProcessUsage> {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([pid, kilobytes, time]): [number, ProcessUsage][] => {
      if (pid === undefined || pid === '' || kilobytes === undefined || time === undefined) return [];
      return [[Number(pid), { cpuMs: toMilliseconds(time), rssBytes: Number(kilobytes) * 1024 }]];
    }),
  );
}

function toMilliseconds(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}
