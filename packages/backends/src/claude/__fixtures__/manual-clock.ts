import type { Clock } from '@baton/core';

export interface ManualClock extends Clock {
  /** Moves time on and calls back what is due, in order. */
  advance(ms: number): void;
}

export function createManualClock(): ManualClock {
  let now = 0;
  const waiting = new Set<{ at: number; call(): void }>();
  return {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = [...waiting].filter((entry) => entry.at <= until).sort((one, other) => one.at - other.at);
        if (next === undefined) break;
        waiting.delete(next);
        now = next.at;
        next.call();
      }
      now = until;
    },
  };
}
