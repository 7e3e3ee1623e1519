import type { Clock } from '@baton/core';
import type { Failure } from '@baton/protocol';
import { toFailure, toTrouble } from './failure.ts';
import type { Notice } from './wire.ts';

/** Ends the patience with a provider that limits the rate: Codex waits as long as it is told to, for an hour, without a word. */
export interface LimitWatch {
  /** A notice came: the wait, if there was one, is over, or one begins. */
  see(notice: Notice): void;
  stop(): void;
}

export function createLimitWatch(options: {
  clock: Clock;
  limitMs: number;
  onLimit(failure: Failure): void;
}): LimitWatch {
  const { clock, limitMs, onLimit } = options;
  let cancel: (() => void) | undefined;

  function stop(): void {
    cancel?.();
    cancel = undefined;
  }

  return {
    see(notice) {
      stop();
      if (notice.method !== 'error' || !notice.params.willRetry) return;
      const { error } = notice.params;
      if (toTrouble(error).status === 429) cancel = clock.after(limitMs, () => onLimit(toFailure(error)));
    },
    stop,
  };
}
