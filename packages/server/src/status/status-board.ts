import type { Clock, FrameSink, Subscription } from '@baton/core';
import type { ServerTopicFrame } from '@baton/protocol';
import type { Log } from '../log/log.ts';
import type { StatusReader } from './status-reader.ts';

/** Of one measurement to the next. Under a second, so that a late timer still keeps the promise of one a second. */
export const STATUS_MS = 900;

export interface StatusBoard {
  /** A measurement at once, then one about every second. */
  watch(sink: FrameSink<ServerTopicFrame>): Subscription;
  /** Ends the measurements, and the reader with them. */
  close(): void;
}

interface Watcher {
  sink: FrameSink<ServerTopicFrame>;
  hasRoom: boolean;
}

/** The `server` topic: measures only while somebody watches, and tells at once. Whoever has no room misses some. */
export function createStatusBoard(parts: { reader: StatusReader; clock: Clock; log: Log }): StatusBoard {
  const { reader, clock, log } = parts;
  const watchers = new Set<Watcher>();
  let cancel: (() => void) | undefined;

  function tell(frame: ServerTopicFrame, to: Iterable<Watcher>): void {
    for (const watcher of to) if (watcher.hasRoom) watcher.hasRoom = watcher.sink.send(frame);
  }

  async function measure(): Promise<void> {
    try {
      const data = await reader.read();
      tell({ type: 'topic', topic: 'server', data }, watchers);
    } catch (cause) {
      log.warn({ err: cause }, 'Could not measure the server');
    }
  }

  // The next one is due from the start of this one, however long it takes.
  function tick(): void {
    cancel = clock.after(STATUS_MS, tick);
    void measure();
  }

  function settle(): void {
    cancel?.();
    cancel = undefined;
  }

  return {
    watch(sink) {
      const watcher: Watcher = { sink, hasRoom: true };
      watchers.add(watcher);
      if (cancel === undefined) tick();
      else void measure();
      return {
        drained() {
          watcher.hasRoom = true;
        },
        close() {
          watchers.delete(watcher);
          if (watchers.size === 0) settle();
        },
      };
    },
    close() {
      watchers.clear();
      settle();
      reader.close();
    },
  };
}
