import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { toNumber } from './column.ts';

export interface StoreSize {
  sessions: number;
  archived: number;
  events: number;
  /** Of the file and of the log of its last commits. */
  bytes: number;
  /** Of those, pages that deleted rows left and new ones will take. */
  freeBytes: number;
}

// Numbers of events have no gap, so the last ones add up to how many there are, and the log itself need not be read.
export function prepareMeasure(db: DatabaseSync): () => StoreSize {
  const counts = db.prepare(
    'SELECT count(*) AS sessions, coalesce(sum(archived), 0) AS archived, coalesce(sum(seq), 0) AS events FROM sessions',
  );
  const pages = db.prepare(
    'SELECT page_count * page_size AS bytes, freelist_count * page_size AS free FROM pragma_page_count, pragma_page_size, pragma_freelist_count',
  );
  const log = `${db.location() ?? ''}-wal`;
  return () => {
    const row = counts.get();
    const size = pages.get();
    return {
      sessions: toNumber(row?.sessions),
      archived: toNumber(row?.archived),
      events: toNumber(row?.events),
      bytes: toNumber(size?.bytes) + (statSync(log, { throwIfNoEntry: false })?.size ?? 0),
      freeBytes: toNumber(size?.free),
    };
  };
}
