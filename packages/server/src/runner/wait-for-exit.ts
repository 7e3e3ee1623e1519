import { setTimeout as wait } from 'node:timers/promises';
import { readProcess } from '@baton/runner';

const LOOK_MS = 25;

/** Waits until the process is gone; kills it after the bound. */
export async function waitForExit(pid: number, boundMs: number): Promise<void> {
  const until = performance.now() + boundMs;
  while ((await readProcess(pid)) !== undefined) {
    if (performance.now() > until) return kill(pid);
    await wait(LOOK_MS);
  }
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It went at that moment.
  }
}
