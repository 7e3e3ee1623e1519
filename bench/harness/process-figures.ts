import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { parseJson } from '@baton/protocol';

// What Linux tells of a process; nothing of it is known elsewhere, and is 0 there.

/** Megabytes of memory that the process holds. */
export function readMemory(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

let ticksPerSecond = 0;

/** Milliseconds of processor time that the process has used, all its threads together. */
export function readCpuMs(pid: number): number {
  if (process.platform !== 'linux') return 0;
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  // After the name, which may hold spaces, `utime` and `stime` are the twelfth and thirteenth field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Milliseconds that the main thread of the process wanted a core and had none. */
export function readCoreWaitMs(pid: number): number {
  if (process.platform !== 'linux') return 0;
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

export interface LoopDelays {
  p50: number;
  p99: number;
  max: number;
}

/** Measures the event loop of Node processes that are started with `env`. */
export interface LoopProbe {
  env: Record<string, string>;
  /** How late the loop of this process was since the last call, in milliseconds. */
  read(pid: number): Promise<LoopDelays>;
}

const PROGRAM = pathToFileURL(join(import.meta.dirname, '..', 'load', 'loop-probe.ts')).href;
const POLL_MS = 5;

export function createLoopProbe(): LoopProbe {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-loop-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const told = new Map<number, number>();
  return {
    env: { NODE_OPTIONS: `--import ${PROGRAM}`, BATON_BENCH_LOOP: folder },
    async read(pid) {
      const next = (told.get(pid) ?? 0) + 1;
      told.set(pid, next);
      process.kill(pid, 'SIGURG');
      for (;;) {
        const found = readTold(join(folder, String(pid)));
        if (found?.told === next) return found;
        await delay(POLL_MS);
      }
    },
  };
}

function readTold(path: string): (LoopDelays & { told: number }) | undefined {
  try {
    const parsed = parseJson(readFileSync(path, 'utf8'));
    return parsed.ok ? (parsed.value as LoopDelays & { told: number }) : undefined;
  } catch {
    return undefined;
  }
}
