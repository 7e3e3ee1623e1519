import type { Clock } from '@baton/core';

const HURRY = 50;

/** Real time that runs fifty times faster, so that back-offs and timeouts of seconds take milliseconds. */
export function createHurriedClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * HURRY,
    after(ms, callback) {
      const timer = setTimeout(callback, ms / HURRY);
      return () => clearTimeout(timer);
    },
  };
}
