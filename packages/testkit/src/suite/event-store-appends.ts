import { describe, expect, test } from 'vitest';
import {
  command,
  moment,
  notice,
  outcomeOf,
  readAll,
  sampleAppend,
  sampleView,
  session,
} from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

const ONE = session('one');
const TWO = session('two');

export function describeAppends(create: CreateEventStore): void {
  describe('events', () => describeEvents(create));
  describe('conflicts', () => describeConflicts(create));
  describe('what is kept beside the events', () => describeCompany(create));
}

function describeEvents(create: CreateEventStore): void {
  test(
    'an unknown session is empty',
    withStore(create, async (store) => {
      expect(await store.readEvents(ONE, { after: 0, limit: 10 })).toEqual([]);
      expect(await store.readLastSeq(ONE)).toBe(0);
      expect(await store.readView(ONE)).toBeUndefined();
      expect(await store.readEnv(ONE)).toEqual({});
      expect(await store.readDrafts(ONE)).toEqual([]);
    }),
  );

  test(
    'large events come whole, a few at a time, and all of them in the end',
    withStore(create, async (store) => {
      const texts = Array.from({ length: 6 }, (_, index) => String(index).repeat(6 * 1024 * 1024));
      await store.append(sampleAppend({ sessionId: ONE, events: texts.map(notice) }));
      const sizes: number[] = [];
      let after = 0;
      for (;;) {
        const page = await store.readEvents(ONE, { after, limit: 500 });
        sizes.push(page.length);
        if (page.length === 0) break;
        for (const { event, seq } of page) {
          expect(seq).toBe(after + 1);
          expect(event.type === 'notice.raised' && event.text === texts[after]).toBe(true);
          after = seq;
        }
      }
      expect(sizes).toEqual([3, 3, 0]);
    }),
  );

  test(
    'seq starts at 1 and has no gap, per session',
    withStore(create, async (store) => {
      const events = [notice('a'), notice('b')];
      const first = await store.append(sampleAppend({ sessionId: ONE, at: moment(1), events }));
      await store.append(sampleAppend({ sessionId: TWO, events: [notice('other')] }));
      const second = await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 2, at: moment(2) }));
      expect(first.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(second).toEqual([{ sessionId: ONE, seq: 3, at: moment(2), event: notice('hello') }]);
      expect(await store.readEvents(ONE, { after: 0, limit: 10 })).toEqual([...first, ...second]);
      expect(await store.readLastSeq(ONE)).toBe(3);
      expect(await store.readLastSeq(TWO)).toBe(1);
    }),
  );

  test(
    'reading goes on after a seq, up to a limit',
    withStore(create, async (store) => {
      const events = ['a', 'b', 'c', 'd'].map(notice);
      const all = await store.append(sampleAppend({ sessionId: ONE, events }));
      expect(await store.readEvents(ONE, { after: 1, limit: 2 })).toEqual(all.slice(1, 3));
      expect(await store.readEvents(ONE, { after: 3, limit: 2 })).toEqual(all.slice(3));
      expect(await store.readEvents(ONE, { after: 4, limit: 2 })).toEqual([]);
      expect(await store.readEvents(ONE, { after: 99, limit: 2 })).toEqual([]);
      expect(await store.readEvents(ONE, { after: 0, limit: 0 })).toEqual([]);
    }),
  );

  test(
    'any text comes back as it was, however long',
    withStore(create, async (store) => {
      const texts = [
        '',
        '\u0000',
        '\u2028\u2029',
        '\ud800 alone',
        '😀 é 漢',
        "'; DROP TABLE events; --",
        'x'.repeat(3_000_000),
      ];
      await store.append(sampleAppend({ sessionId: ONE, events: texts.map(notice) }));
      expect(await readAll(store, ONE)).toEqual(texts.map(notice));
    }),
  );

  test(
    'what was read or given is a copy',
    withStore(create, async (store) => {
      const append = sampleAppend({
        sessionId: ONE,
        receipt: { commandId: command('1'), receipt: { n: 1 } },
        env: { A: '1' },
      });
      const kept = structuredClone(append);
      const pending = store.append(append);
      append.view.title = 'changed after the call';
      const [recorded] = await pending;
      if (recorded) recorded.event = notice('changed after the append');
      for (const read of [await store.readView(ONE), await store.readEnv(ONE), await store.readReceipt(command('1'))]) {
        Object.assign(read ?? {}, { title: 'changed', A: 'changed', n: 2 });
      }
      for (const read of await store.readEvents(ONE, { after: 0, limit: 1 }))
        Object.assign(read.event, { text: 'changed' });
      expect(await readAll(store, ONE)).toEqual(kept.events);
      expect(await store.readView(ONE)).toEqual(kept.view);
      expect(await store.readEnv(ONE)).toEqual({ A: '1' });
      expect(await store.readReceipt(command('1'))).toEqual({ n: 1 });
    }),
  );
}

function describeConflicts(create: CreateEventStore): void {
  test.each([0, 1, 3])('an append after event %i of 2 is refused and writes nothing', async (expectedSeq) => {
    await withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE, events: [notice('a'), notice('b')], env: { A: '1' } }));
      const receipt = { commandId: command('late'), receipt: 1 };
      const late = sampleAppend({ sessionId: ONE, expectedSeq, receipt, env: { A: '2' }, view: { title: 'Late' } });
      expect(await outcomeOf(store.append(late))).toBe('store-conflict');
      expect(await readAll(store, ONE)).toEqual([notice('a'), notice('b')]);
      expect(await store.readReceipt(command('late'))).toBeUndefined();
      expect(await store.readView(ONE)).toMatchObject({ title: 'Mend the parser', seq: 2 });
      expect(await store.readEnv(ONE)).toEqual({ A: '1' });
    })();
  });

  test(
    'of two appends after the same event the first one wins',
    withStore(create, async (store) => {
      const appends = ['a', 'b'].map((text) => sampleAppend({ sessionId: ONE, events: [notice(text)] }));
      const outcomes = await Promise.all(appends.map((append) => outcomeOf(store.append(append))));
      expect(outcomes).toEqual(['ok', 'store-conflict']);
      expect(await readAll(store, ONE)).toEqual([notice('a')]);
    }),
  );

  test(
    'appends to one session may follow each other without waiting',
    withStore(create, async (store) => {
      const appends = [0, 1, 2].map((expectedSeq) => sampleAppend({ sessionId: ONE, expectedSeq }));
      const settled: number[] = [];
      await Promise.all(appends.map((append) => store.append(append).then(([event]) => settled.push(event?.seq ?? 0))));
      expect(settled).toEqual([1, 2, 3]);
    }),
  );

  test(
    'appends resolve in the order they were made, refused ones among them',
    withStore(create, async (store) => {
      const order: string[] = [];
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(
        names.map(async (name) => {
          const expectedSeq = name === 'b' ? 7 : 0;
          const outcome = await outcomeOf(store.append(sampleAppend({ sessionId: session(name), expectedSeq })));
          order.push(`${name} ${outcome}`);
        }),
      );
      expect(order).toEqual(['a ok', 'b store-conflict', 'c ok', 'd ok']);
    }),
  );

  test(
    'a command that was carried out is refused, in the same session and in another',
    withStore(create, async (store) => {
      const receipt = { commandId: command('1'), receipt: 'first' };
      await store.append(sampleAppend({ sessionId: ONE, receipt }));
      const again = { commandId: command('1'), receipt: 'second' };
      const inSame = sampleAppend({ sessionId: ONE, expectedSeq: 1, receipt: again, view: { title: 'Again' } });
      const inOther = sampleAppend({ sessionId: TWO, receipt: again });
      expect(await outcomeOf(store.append(inSame))).toBe('store-conflict');
      expect(await outcomeOf(store.append(inOther))).toBe('store-conflict');
      expect(await store.readReceipt(command('1'))).toBe('first');
      expect(await store.readLastSeq(ONE)).toBe(1);
      expect(await store.readView(ONE)).toMatchObject({ title: 'Mend the parser' });
      expect(await store.readView(TWO)).toBeUndefined();
    }),
  );
}

function describeCompany(create: CreateEventStore): void {
  test(
    'a receipt is any JSON and outlives many others',
    withStore(create, async (store) => {
      const receipts = [{ ok: true, result: { list: [1, 'two', null] } }, null, false, 'text', 0];
      for (const [index, receipt] of receipts.entries()) {
        const kept = { commandId: command(String(index)), receipt };
        await store.append(sampleAppend({ sessionId: ONE, expectedSeq: index, receipt: kept }));
      }
      for (const [index, receipt] of receipts.entries()) {
        expect(await store.readReceipt(command(String(index)))).toEqual(receipt);
      }
      expect(await store.readReceipt(command('unknown'))).toBeUndefined();
    }),
  );

  test(
    'an append without events keeps its receipt and the view',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE }));
      const receipt = { commandId: command('1'), receipt: 'nothing to do' };
      const append = sampleAppend({ sessionId: ONE, expectedSeq: 1, events: [], receipt, view: { title: 'Same' } });
      expect(await store.append(append)).toEqual([]);
      expect(await store.readReceipt(command('1'))).toBe('nothing to do');
      expect(await store.readLastSeq(ONE)).toBe(1);
      expect(await store.readView(ONE)).toEqual(append.view);
    }),
  );

  test(
    'before the first event there is no session, only the receipt of a refusal',
    withStore(create, async (store) => {
      const receipt = { commandId: command('1'), receipt: 'refused' };
      await store.append(sampleAppend({ sessionId: ONE, events: [], receipt, env: { A: '1' } }));
      expect(await store.readReceipt(command('1'))).toBe('refused');
      expect(await store.readView(ONE)).toBeUndefined();
      expect(await store.readEnv(ONE)).toEqual({});
      expect(await store.listSessions({ limit: 10 })).toEqual({ items: [] });
    }),
  );

  test(
    'the view is replaced by every append',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE, view: { preview: 'first', model: 'large' } }));
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 1, view: { preview: 'second' } }));
      expect(await store.readView(ONE)).toEqual(sampleView({ id: ONE, seq: 2, preview: 'second' }));
    }),
  );

  test(
    'the environment stays until another is given, and no listing or event shows it',
    withStore(create, async (store) => {
      await store.append(sampleAppend({ sessionId: ONE, env: { KEY: 'top-secret' } }));
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 1 }));
      expect(await store.readEnv(ONE)).toEqual({ KEY: 'top-secret' });
      const shown = [await store.listSessions({ limit: 10 }), await store.readEvents(ONE, { after: 0, limit: 10 })];
      expect(JSON.stringify(shown)).not.toContain('top-secret');
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 2, env: {} }));
      expect(await store.readEnv(ONE)).toEqual({});
    }),
  );

  test(
    'the mark is that of the last append that had one, and is written with its events or not at all',
    withStore(create, async (store) => {
      expect(await store.readMark(ONE)).toBeUndefined();
      await store.append(sampleAppend({ sessionId: ONE }));
      expect(await store.readMark(ONE)).toBeUndefined();
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 1, mark: { run: 'first', report: 7 } }));
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 2 }));
      expect(await store.readMark(ONE)).toEqual({ run: 'first', report: 7 });
      const late = sampleAppend({ sessionId: ONE, expectedSeq: 1, mark: { run: 'first', report: 9 } });
      expect(await outcomeOf(store.append(late))).toBe('store-conflict');
      expect(await store.readMark(ONE)).toEqual({ run: 'first', report: 7 });
      await store.append(sampleAppend({ sessionId: ONE, expectedSeq: 3, mark: { run: 'second', report: 1 } }));
      expect(await store.readMark(ONE)).toEqual({ run: 'second', report: 1 });
      await store.deleteSession(ONE);
      expect(await store.readMark(ONE)).toBeUndefined();
    }),
  );

  test(
    'an append that contradicts itself is a mistake of the caller',
    withStore(create, async (store) => {
      const append = sampleAppend({ sessionId: ONE });
      await expect(store.append({ ...append, view: { ...append.view, seq: 7 } })).rejects.toThrow('Broken invariant');
      await expect(store.append({ ...append, view: { ...append.view, id: TWO } })).rejects.toThrow('Broken invariant');
      expect(await store.readLastSeq(ONE)).toBe(0);
    }),
  );
}
