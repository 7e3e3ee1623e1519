import type { Clock } from '@baton/core';

export interface ManualClock extends Clock {
  /** Moves time on and calls, in order, what falls due. */
  advance(ms: number): void;
}

/** Time that stands still until the test moves it. */
export function createManualClock(start = Date.UTC(2026, 10, 20, 12)): ManualClock {
  let now = start;
  let timers: { at: number; callback: () => void }[] = [];

  function advance(ms: number): void {
    const until = now + ms;
    for (;;) {
      const due = timers.filter((timer) => timer.at <= until).sort((left, right) => left.at - right.at)[0];
      if (due === undefined) break;
      timers = timers.filter((timer) => timer !== due);
      now = Math.max(now, due.at);
      due.callback();
    }
    now = until;
  }

  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance,
  };
}
