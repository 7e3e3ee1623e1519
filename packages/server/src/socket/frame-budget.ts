import type { Clock } from '@baton/core';

/** A token bucket: `perSecond` tokens flow in, at most five seconds' worth are kept. */
export interface FrameBudget {
  /** Whether a frame of this size may be served now. Large frames cost more, by the 64 KB. */
  take(bytes: number): boolean;
}

const BURST_SECONDS = 5;
const BYTES_PER_TOKEN = 64 * 1024;

export function createFrameBudget(clock: Clock, perSecond: number): FrameBudget {
  const capacity = perSecond * BURST_SECONDS;
  let tokens = capacity;
  let filledAt = clock.now();
  return {
    take(bytes) {
      const now = clock.now();
      tokens = Math.min(capacity, tokens + (Math.max(0, now - filledAt) / 1000) * perSecond);
      filledAt = now;
      // One frame never costs more than a full bucket, or it could never be sent.
      const cost = Math.min(capacity, Math.max(1, Math.ceil(bytes / BYTES_PER_TOKEN)));
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
  };
}
