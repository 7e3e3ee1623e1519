import { describe, expect, test } from 'vitest';
import {
  approvalRequested,
  command,
  item,
  outcomeOf,
  questionAsked,
  readAll,
  sampleAppend,
  session,
} from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

const ONE = session('one');
const TWO = session('two');

export function describeLife(create: CreateEventStore): void {
  describe('deletion', () => describeDeletion(create));
  describe('closing', () => describeClosing(create));
}

function describeDeletion(create: CreateEventStore): void {
  test(
    'a deleted session leaves its receipts and nothing else',
    withStore(create, async (store) => {
      const receipt = { commandId: command('1'), receipt: 'done' };
      const events = [approvalRequested('a'), questionAsked('a')];
      await store.append(
        sampleAppend({ sessionId: ONE, events, receipt, env: { A: '1' }, view: { state: 'running' } }),
      );
      await store.append(sampleAppend({ sessionId: TWO, events: [approvalRequested('b')] }));
      await store.saveDrafts(ONE, [{ itemId: item('a'), field: 'text', text: 'so far' }]);
      await store.deleteSession(ONE);
      expect(await readAll(store, ONE)).toEqual([]);
      expect(await store.readLastSeq(ONE)).toBe(0);
      expect(await store.readView(ONE)).toBeUndefined();
      expect(await store.readEnv(ONE)).toEqual({});
      expect(await store.readDrafts(ONE)).toEqual([]);
      expect(await store.readApproval('apr_a')).toBeUndefined();
      expect(await store.readQuestion('qst_a')).toBeUndefined();
      expect(await store.listUnsettled()).toEqual([]);
      expect((await store.listSessions({ limit: 10 })).items.map(({ id }) => id)).toEqual([TWO]);
      expect(await store.readApproval('apr_b')).toMatchObject({ sessionId: TWO });
      expect(await store.readReceipt(command('1'))).toBe('done');
    }),
  );

  test(
    'a late repeat of a command of a deleted session is refused',
    withStore(create, async (store) => {
      const receipt = { commandId: command('1'), receipt: 'done' };
      await store.append(sampleAppend({ sessionId: ONE, receipt }));
      await store.deleteSession(ONE);
      expect(await outcomeOf(store.append(sampleAppend({ sessionId: ONE, receipt })))).toBe('store-conflict');
      expect(await store.readView(ONE)).toBeUndefined();
    }),
  );

  test(
    'deletion keeps the order of the calls and does nothing to an unknown session',
    withStore(create, async (store) => {
      await store.deleteSession(TWO);
      const outcomes = [
        store.append(sampleAppend({ sessionId: ONE })),
        store.deleteSession(ONE),
        store.append(sampleAppend({ sessionId: ONE, expectedSeq: 1 })),
        store.append(sampleAppend({ sessionId: ONE, events: [approvalRequested('a')] })),
      ].map(outcomeOf);
      expect(await Promise.all(outcomes)).toEqual(['ok', 'ok', 'store-conflict', 'ok']);
      expect(await readAll(store, ONE)).toEqual([approvalRequested('a')]);
    }),
  );
}

function describeClosing(create: CreateEventStore): void {
  test('closing waits for what was appended', async () => {
    const store = await create();
    const appended = outcomeOf(store.append(sampleAppend({ sessionId: ONE })));
    const saved = outcomeOf(store.saveDrafts(ONE, []));
    const late = [store.close(), store.append(sampleAppend({ sessionId: TWO }))].map(outcomeOf);
    expect(await appended).toBe('ok');
    expect(await saved).toBe('ok');
    expect(await Promise.all(late)).toEqual(['ok', 'shutting-down']);
  });

  test('every later call is refused, except closing again', async () => {
    const store = await create();
    await store.close();
    const calls = [
      store.append(sampleAppend({ sessionId: ONE })),
      store.readEvents(ONE, { after: 0, limit: 1 }),
      store.readLastSeq(ONE),
      store.readReceipt(command('1')),
      store.readView(ONE),
      store.readEnv(ONE),
      store.listSessions({ limit: 1 }),
      store.listApprovals({ limit: 1 }),
      store.readApproval('apr_a'),
      store.listQuestions({ limit: 1 }),
      store.readQuestion('qst_a'),
      store.listUnsettled(),
      store.saveDrafts(ONE, []),
      store.readDrafts(ONE),
      store.deleteSession(ONE),
    ];
    const outcomes = await Promise.all(calls.map(outcomeOf));
    expect(new Set(outcomes)).toEqual(new Set(['shutting-down']));
    await store.close();
  });
}
