import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { CommitQueue } from './commit-queue.ts';
import { toNumber, toText } from './column.ts';

/** Rows looked at between two turns of the event loop. */
const SLICE = 1000;

/** What stands where the content was. */
const REMOVED = 'removedByRetention';

export interface TrimOptions {
  before: string;
  dryRun: boolean;
}

/** See `StoreUpkeep`. The writes go through the queue, so that they share its commits and its order. */
export function prepareTrimRaw(db: DatabaseSync, queue: CommitQueue) {
  const highest = db.prepare('SELECT coalesce(max(position), 0) AS position FROM events');
  const select = db.prepare(`
    SELECT position, event FROM events
    WHERE position > ? AND position <= ? AND at < ?
      AND json_extract(event, '$.type') = 'raw.received' AND json_extract(event, '$.payload.${REMOVED}') IS NULL`);
  // Named by position and by what it was: a session that was deleted meanwhile takes its rows with it.
  const update = db.prepare(
    `UPDATE events SET event = json_set(event, '$.payload', json_object('${REMOVED}', json('true'))) WHERE position = ? AND event = ?`,
  );
  return async ({ before, dryRun }: TrimOptions): Promise<{ events: number; bytes: number }> => {
    const end = toNumber(highest.get()?.position);
    const sum = { events: 0, bytes: 0 };
    for (let from = 0; from < end; from += SLICE) {
      const rows = select.all(from, from + SLICE, before).map((row) => ({
        position: toNumber(row.position),
        event: toText(row.event),
      }));
      sum.events += rows.length;
      sum.bytes += rows.reduce((bytes, { event }) => bytes + event.length, 0);
      const write = () => {
        for (const { position, event } of rows) update.run(position, event);
      };
      if (!dryRun && rows.length > 0) await queue.enqueue({ what: 'Cannot take out raw messages', size: 0, write });
      await setImmediate();
    }
    return sum;
  };
}
