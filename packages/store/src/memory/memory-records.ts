import type { RecordStore } from '@baton/core';
import { readStoredJson, toStoredJson } from '../stored-json.ts';

/** Records that are forgotten with the process: the double of all tests. */
export function createMemoryRecords(): RecordStore {
  const collections = new Map<string, Map<string, string>>();
  return {
    async list(collection) {
      const rows = [...(collections.get(collection) ?? [])];
      return rows.map(([id, text]) => ({ id, value: readStoredJson<unknown>(text) }));
    },
    async read(collection, id) {
      const text = collections.get(collection)?.get(id);
      return text === undefined ? undefined : readStoredJson<unknown>(text);
    },
    async put(collection, records) {
      // All are encoded before the first is kept: a value that cannot be must leave nothing behind.
      const encoded = records.map(({ id, value }) => [id, toStoredJson(value)] as const);
      const rows = collections.get(collection) ?? new Map<string, string>();
      for (const [id, text] of encoded) rows.set(id, text);
      collections.set(collection, rows);
    },
    async remove(collection, ids) {
      for (const id of ids) collections.get(collection)?.delete(id);
    },
  };
}
