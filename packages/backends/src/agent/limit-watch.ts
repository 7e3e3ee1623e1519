import type { Clock } from '@baton/core';
import type { Failure } from '@baton/protocol';

/** Ends the patience with a provider that limits the rate: Codex waits as long as it is told to, for an hour, without a word. */
export interface LimitWatch {
  /** The agent said something: the wait, if there was one, is over. With a limit that it goes on in spite of, one begins. */
  see(limit: Failure | undefined): void;
  stop(): void;
}

/** How long an agent may wait in silence once its provider limited it, in milliseconds. */
export const LIMIT_MS = 10_000;

export function createLimitWatch(options: {
  clock: Clock;
  limitMs: number;
  onLimit(limit: Failure): void;
}): LimitWatch {
  const { clock, limitMs, onLimit } = options;
  let cancel: (() => void) | undefined;

  function stop(): void {
    cancel?.();
    cancel = undefined;
  }

  return {
    see(limit) {
      stop();
      if (limit !== undefined) cancel = clock.after(limitMs, () => onLimit(limit));
    },
    stop,
  };
}
