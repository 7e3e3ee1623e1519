import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FORM } from './history-database.ts';

export type HistoryFound =
  | { state: 'absent' }
  /** The next start makes it anew. */
  | { state: 'other-form' }
  | { state: 'broken'; problem: string }
  | { state: 'good'; conversations: number; unreadable: number; bytes: number };

/** How the index of conversations does. Reads only; a server may be running on it. */
export function examineHistory(path: string): HistoryFound {
  if (!existsSync(path)) return { state: 'absent' };
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
    if (db.prepare('PRAGMA user_version').get()?.['user_version'] !== FORM) return { state: 'other-form' };
    const check = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') return { state: 'broken', problem: String(check) };
    const row = db.prepare(
      'SELECT count(*) AS all_of_them, coalesce(sum(unreadable), 0) AS unreadable FROM conversations',
    );
    const counts = row.get();
    return {
      state: 'good',
      conversations: Number(counts?.['all_of_them']),
      unreadable: Number(counts?.['unreadable']),
      bytes: statSync(path).size,
    };
  } catch (cause) {
    return { state: 'broken', problem: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    db?.close();
  }
}
