import type { ReadableStore, ServerSnapshot } from '@baton/client';
import type { ServerStatus } from '@baton/protocol';

const KEPT = 60;

/** Keeps the measurements of the last minute or so, oldest first, while somebody is subscribed. */
export function createLastMinute(source: ReadableStore<ServerSnapshot>): ReadableStore<readonly ServerStatus[]> {
  let kept: readonly ServerStatus[] = [];

  function take(): boolean {
    const { latest } = source.get();
    if (latest === undefined || kept.at(-1)?.at === latest.at) return false;
    kept = [...kept, latest].slice(-KEPT);
    return true;
  }

  return {
    get: () => kept,
    subscribe: (listener) =>
      source.subscribe(() => {
        if (take()) listener();
      }),
  };
}
