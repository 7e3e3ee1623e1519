import type { Terminal } from './terminal.ts';

/**
 * The two Ctrl+C of a command that follows a turn: the first calls `first`, the second ends the wait.
 * `detached` resolves with the second; `stop` gives Ctrl+C back.
 */
export function takeInterrupts(
  terminal: Terminal,
  first: () => boolean,
): { detached: Promise<'detached'>; stop(): void } {
  const second = Promise.withResolvers<'detached'>();
  let hits = 0;
  const stop = terminal.onInterrupt(() => {
    hits += 1;
    if (hits > 1 || !first()) second.resolve('detached');
  });
  return { detached: second.promise, stop };
}
