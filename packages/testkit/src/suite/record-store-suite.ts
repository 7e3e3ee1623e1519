import type { RecordStore } from '@baton/core';
import { describe, expect, test } from 'vitest';

/** Makes a fresh, empty store for one test; closing what lies below it is for the caller. */
export type CreateRecordStore = () => RecordStore | Promise<RecordStore>;

/** The contract of the port `RecordStore`, sentence by sentence: every adapter runs it. */
export function describeRecordStore(name: string, create: CreateRecordStore): void {
  describe(`record store: ${name}`, () => {
    test('lists in the order in which they were first put, whatever was changed since', async () => {
      const store = await create();
      await store.put('a', [
        { id: '2', value: 'two' },
        { id: '1', value: 'one' },
      ]);
      await store.put('a', [
        { id: '0', value: 'zero' },
        { id: '2', value: 'changed' },
      ]);
      expect(await store.list('a')).toEqual([
        { id: '2', value: 'changed' },
        { id: '1', value: 'one' },
        { id: '0', value: 'zero' },
      ]);
    });

    test('keeps collections apart', async () => {
      const store = await create();
      await store.put('a', [{ id: '1', value: 'in a' }]);
      await store.put('b', [{ id: '1', value: 'in b' }]);
      await store.remove('a', ['1']);
      expect(await store.read('a', '1')).toBeUndefined();
      expect(await store.read('b', '1')).toBe('in b');
    });

    test('knows nothing of what was never put', async () => {
      const store = await create();
      expect(await store.list('a')).toEqual([]);
      expect(await store.read('a', '1')).toBeUndefined();
      await store.remove('a', ['1']);
      await store.remove('a', []);
      await store.put('a', []);
      expect(await store.list('a')).toEqual([]);
    });

    test('gives copies, and keeps what was given at the time of the call', async () => {
      const store = await create();
      const value = { list: [1] };
      const put = store.put('a', [{ id: '1', value }]);
      value.list.push(2);
      await put;
      expect(await store.read('a', '1')).toEqual({ list: [1] });
      const [read] = await store.list('a');
      Object.assign(read ?? {}, { value: 'spoilt' });
      expect(await store.read('a', '1')).toEqual({ list: [1] });
    });

    test('keeps any JSON, and any name', async () => {
      const store = await create();
      const values: unknown[] = [null, 0, '', false, [], {}, 'ünï\u0000cödé 🎻', { __proto__x: 1, constructor: 'x' }];
      const records = values.map((value, index) => ({ id: `__proto__/${index}'"%_`, value }));
      await store.put("constructor';--", records);
      expect(await store.list("constructor';--")).toEqual(records);
    });

    test('puts all or none', async () => {
      const store = await create();
      await store.put('a', [{ id: '1', value: 'kept' }]);
      const loop: Record<string, unknown> = {};
      loop.self = loop;
      const records = [
        { id: '1', value: 'lost' },
        { id: '2', value: loop },
      ];
      await expect(store.put('a', records)).rejects.toThrow(/circular/i);
      expect(await store.list('a')).toEqual([{ id: '1', value: 'kept' }]);
    });

    test('writes in the order of the calls', async () => {
      const store = await create();
      await Promise.all([
        store.put('a', [{ id: '1', value: 'first' }]),
        store.put('a', [{ id: '1', value: 'second' }]),
        store.put('a', [{ id: '2', value: 'gone' }]),
        store.remove('a', ['2']),
        store.put('a', [{ id: '3', value: 'third' }]),
      ]);
      expect(await store.list('a')).toEqual([
        { id: '1', value: 'second' },
        { id: '3', value: 'third' },
      ]);
    });
  });
}
