import type { Draft, EventStore } from '@baton/core';
import { describe, expect, test } from 'vitest';
import { item, itemEnded, sampleAppend, session, turnEnded } from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

const ONE = session('one');
const draft = (name: string, text: string) => ({ itemId: item(name), field: 'text' as const, text });

export function describeDrafts(create: CreateEventStore): void {
  describe('drafts', () => {
    describeSavedDrafts(create);
    describeVoidDrafts(create);
  });
}

function describeSavedDrafts(create: CreateEventStore): void {
  test(
    'the last text of each item is kept',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE }));
      await store.saveDrafts(ONE, [draft('a', 'once'), draft('b', 'other')]);
      await store.saveDrafts(ONE, [draft('a', 'once upon')]);
      expect(await readSorted(store)).toEqual([draft('a', 'once upon'), draft('b', 'other')]);
      expect(await store.readDrafts(session('two'))).toEqual([]);
    }),
  );

  test(
    'saving an item replaces all that was kept of it',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE }));
      const output = { itemId: item('a'), field: 'output' as const, text: 'line 1' };
      await store.saveDrafts(ONE, [draft('a', 'text'), output]);
      expect(await readSorted(store)).toEqual([output, draft('a', 'text')]);
      await store.saveDrafts(ONE, [{ ...output, text: 'line 2' }]);
      expect(await store.readDrafts(ONE)).toEqual([{ ...output, text: 'line 2' }]);
    }),
  );

  test(
    'saving and appending keep the order of the calls',
    withStore(create, async (store) => {
      const appended = store.append(sampleAppend({ sessionId: ONE }));
      const saved = store.saveDrafts(ONE, [draft('a', 'first')]);
      const again = store.saveDrafts(ONE, [draft('a', 'second')]);
      await Promise.all([appended, saved, again]);
      expect(await store.readDrafts(ONE)).toEqual([draft('a', 'second')]);
    }),
  );
}

function describeVoidDrafts(create: CreateEventStore): void {
  test(
    'the end of an item drops its draft, the end of a turn drops all',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE }));
      await store.saveDrafts(ONE, [draft('a', '1'), draft('b', '2'), draft('c', '3')]);
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 1, events: [itemEnded(item('b'))] }));
      expect(await readSorted(store)).toEqual([draft('a', '1'), draft('c', '3')]);
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 2, events: [turnEnded()] }));
      expect(await store.readDrafts(ONE)).toEqual([]);
    }),
  );

  test(
    'a session that is not there keeps nothing and does not complain',
    withStore(create, async (store) => {
      await store.saveDrafts(ONE, [draft('a', 'late')]);
      expect(await store.readDrafts(ONE)).toEqual([]);
    }),
  );
}

/** The order in which drafts are read is not promised. */
async function readSorted(store: EventStore): Promise<Draft[]> {
  const drafts = await store.readDrafts(ONE);
  return drafts.toSorted((one, other) => (one.itemId + one.field < other.itemId + other.field ? -1 : 1));
}
