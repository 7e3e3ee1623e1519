import type { DatabaseSync } from 'node:sqlite';
import { readStoredJson } from '../stored-json.ts';
import { toText } from './column.ts';

export interface EncodedRecord {
  id: string;
  text: string;
}

/** Statements over the table of records; the writes run inside a transaction of the commit queue. */
export interface Records {
  list(collection: string): { id: string; value: unknown }[];
  read(collection: string, id: string): unknown;
  put(collection: string, records: readonly EncodedRecord[]): void;
  remove(collection: string, ids: readonly string[]): void;
}

export function prepareRecords(db: DatabaseSync): Records {
  const list = db.prepare('SELECT id, value FROM records WHERE collection = ? ORDER BY ordinal');
  const read = db.prepare('SELECT value FROM records WHERE collection = ? AND id = ?');
  const put = db.prepare(
    'INSERT INTO records (collection, id, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('DELETE FROM records WHERE collection = ? AND id = ?');
  return {
    list: (collection) =>
      list.all(collection).map(({ id, value }) => ({ id: toText(id), value: readStoredJson<unknown>(toText(value)) })),
    read(collection, id) {
      const row = read.get(collection, id);
      return row && readStoredJson<unknown>(toText(row.value));
    },
    put(collection, records) {
      for (const { id, text } of records) put.run(collection, id, text);
    },
    remove(collection, ids) {
      for (const id of ids) remove.run(collection, id);
    },
  };
}
