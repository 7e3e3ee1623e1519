import { execFile } from 'node:child_process';
import type { ProcessFamily } from './process-family.ts';

/** How long each step of ending a process may take, in milliseconds. */
export interface StopBounds {
  /** For the agent's own way to end, before any signal. */
  protocolMs: number;
  interruptMs: number;
  terminateMs: number;
  /** After SIGKILL, which is repeated because a process may have been born meanwhile. */
  killMs: number;
}

/** Together under 4 s until SIGKILL: a tree that hears nothing is gone within the 5 s that `docs/promises.md` gives. */
export const STOP_BOUNDS: StopBounds = { protocolMs: 1500, interruptMs: 1000, terminateMs: 1000, killMs: 5000 };

const POLL_MS = 15;

/**
 * SIGINT, SIGTERM, SIGKILL to the whole family, each with its bound, until none is alive.
 * Resolves with the pids that outlived even SIGKILL (stuck in the kernel); normally none. With `from` earlier steps are left out.
 */
export async function endFamily(
  family: ProcessFamily,
  options: { bounds: StopBounds; from: 'interrupt' | 'terminate' | 'kill' },
): Promise<number[]> {
  const { bounds } = options;
  if (options.from === 'interrupt' && (await endWith(family, 'SIGINT', bounds.interruptMs))) return [];
  if (options.from !== 'kill' && (await endWith(family, 'SIGTERM', bounds.terminateMs))) return [];
  await killUntil(family, Date.now() + bounds.killMs);
  return (await family.find()).map((entry) => entry.pid);
}

async function endWith(family: ProcessFamily, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  if ((await family.signal(signal)) === 0) return true;
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    await pause();
    if ((await family.find()).length === 0) return true;
  }
  return false;
}

async function killUntil(family: ProcessFamily, deadline: number): Promise<void> {
  while ((await family.signal('SIGKILL')) > 0 && Date.now() < deadline) await pause();
}

// The process table tells of no deaths, so it has to be asked again; only while something is being ended.
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Windows has no process groups and no signals: its own tool ends the tree. */
export function endWindowsTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => resolve());
  });
}
