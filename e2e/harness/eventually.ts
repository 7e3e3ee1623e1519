import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until there is something; rejects with `what` after 60 s (or `timeoutMs`). Works outside of vitest too. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  { what, timeoutMs = 60_000, intervalMs = 15 }: { what: () => string; timeoutMs?: number; intervalMs?: number },
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what()}`);
    await delay(intervalMs);
  }
}
