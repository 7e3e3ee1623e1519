/** What is known of a session with an agent; times are milliseconds since the epoch. */
export interface Activity {
  /** The agent is up, no turn runs and none waits. */
  isIdle: boolean;
  /** A turn runs and waits for no answer. */
  isWorking: boolean;
  /** Since when nobody subscribes; absent: somebody does. */
  unwatchedSince?: number | undefined;
  /** When somebody asked something of it last. */
  askedAt: number;
  /** When something happened in it last. */
  changedAt: number;
  /** When the agent said something last, streamed text too. */
  heardAt: number;
  stopUnwatchedMinutes?: number | undefined;
}

const MINUTE_MS = 60_000;

/** An agent that says nothing for so long is shown as quiet. */
export const QUIET_AFTER_MS = 2 * MINUTE_MS;

/**
 * Whether an agent is to end by itself: `sleep`, because it has nothing to do and nobody watches; `leave`, whatever it does,
 * because that was chosen for its session. `sleepAfterMs` 0: it never sleeps.
 */
export function toRest(activity: Activity, { now, sleepAfterMs }: { now: number; sleepAfterMs: number }) {
  const { unwatchedSince, stopUnwatchedMinutes = 0 } = activity;
  if (unwatchedSince === undefined) return undefined;
  const unwatchedMs = now - Math.max(unwatchedSince, activity.askedAt);
  if (stopUnwatchedMinutes > 0 && unwatchedMs >= stopUnwatchedMinutes * MINUTE_MS) return 'leave';
  const idleMs = now - Math.max(activity.changedAt, activity.askedAt);
  return activity.isIdle && sleepAfterMs > 0 && idleMs >= sleepAfterMs ? 'sleep' : undefined;
}

/** Since when an agent that should be at work says nothing; undefined while it speaks. */
export function toQuietSince({ isWorking, heardAt, askedAt }: Activity, now: number): number | undefined {
  const since = Math.max(heardAt, askedAt);
  return isWorking && now - since >= QUIET_AFTER_MS ? since : undefined;
}
