import type { EventStore } from '@baton/core';
import type { SessionEvent } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import {
  approval,
  approvalAnswered,
  approvalRequested,
  approvalWithdrawn,
  moment,
  outcomeOf,
  question,
  questionAnswered,
  questionAsked,
  questionWithdrawn,
  sampleAppend,
  session,
} from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

const ONE = session('one');

export function describeInbox(create: CreateEventStore): void {
  describe('inbox', () => {
    describeApprovals(create);
    describeQuestions(create);
    describeInboxList(create);
    describeForeignRows(create);
  });
}

function describeApprovals(create: CreateEventStore): void {
  test(
    'an approval is pending once it was requested',
    withStore(create, async (store) => {
      await add(store, [approvalRequested('a')], 3);
      const { type: _, ...request } = approvalRequested('a');
      const expected = { ...request, id: approval('a'), sessionId: ONE, state: 'pending', requestedAt: moment(3) };
      expect(await store.readApproval('apr_a')).toEqual(expected);
      expect(await store.listApprovals({ state: 'pending', limit: 10 })).toEqual({ items: [expected] });
      expect(await store.readApproval('apr_unknown')).toBeUndefined();
      expect(await store.readQuestion('apr_a')).toBeUndefined();
    }),
  );

  test(
    'an answer closes it and says who chose what',
    withStore(create, async (store) => {
      await add(store, [approvalRequested('a'), approvalRequested('b')], 1);
      await add(store, [approvalAnswered('a', 'go on'), approvalAnswered('b')], 4);
      const closed = { state: 'answered', requestedAt: moment(1), closedAt: moment(4), option: 'yes', by: 'ada' };
      expect(await store.readApproval('apr_a')).toMatchObject({ ...closed, note: 'go on' });
      expect(await store.readApproval('apr_b')).toMatchObject(closed);
      expect(await store.readApproval('apr_b')).not.toHaveProperty('note');
      expect(await store.listApprovals({ state: 'pending', limit: 10 })).toEqual({ items: [] });
    }),
  );

  test(
    'a withdrawal closes it with a reason, also in the append that requested it',
    withStore(create, async (store) => {
      await add(store, [approvalRequested('a'), approvalWithdrawn('a')], 2);
      const closed = { state: 'withdrawn', closedAt: moment(2), reason: 'the turn was interrupted' };
      expect(await store.readApproval('apr_a')).toMatchObject(closed);
    }),
  );

  test(
    'a refused append leaves the inbox alone',
    withStore(create, async (store) => {
      await add(store, [approvalRequested('a')], 1);
      const late = sampleAppend({ sessionId: ONE, events: [approvalAnswered('a'), approvalRequested('b')] });
      expect(await outcomeOf(store.append(late))).toBe('store-conflict');
      expect(await store.readApproval('apr_a')).toMatchObject({ state: 'pending' });
      expect(await store.readApproval('apr_b')).toBeUndefined();
    }),
  );
}

function describeQuestions(create: CreateEventStore): void {
  test(
    'a question is asked, then answered or withdrawn',
    withStore(create, async (store) => {
      await add(store, [questionAsked('a'), questionAsked('b'), questionAsked('c')], 1);
      await add(store, [questionAnswered('a'), questionWithdrawn('b')], 2);
      const { type: _, ...request } = questionAsked('c');
      const pending = { ...request, id: question('c'), sessionId: ONE, state: 'pending', askedAt: moment(1) };
      expect(await store.listQuestions({ state: 'pending', limit: 10 })).toEqual({ items: [pending] });
      const answered = { state: 'answered', closedAt: moment(2), answers: { q1: 'This' }, by: 'ada' };
      expect(await store.readQuestion('qst_a')).toMatchObject(answered);
      const withdrawn = { state: 'withdrawn', closedAt: moment(2), reason: 'the agent ended' };
      expect(await store.readQuestion('qst_b')).toMatchObject(withdrawn);
      expect(await store.listApprovals({ limit: 10 })).toEqual({ items: [] });
    }),
  );
}

function describeInboxList(create: CreateEventStore): void {
  test(
    'newest first, page by page, while rows are closed and made',
    withStore(create, async (store) => {
      await add(store, ['a', 'b', 'c', 'd', 'e'].map(approvalRequested), 1);
      const first = await store.listApprovals({ limit: 2 });
      await add(store, [approvalAnswered('c'), approvalRequested('f')], 2);
      const second = await store.listApprovals({ limit: 2, cursor: first.cursor });
      const third = await store.listApprovals({ limit: 2, cursor: second.cursor });
      const pages = [first, second, third].map(({ items }) => items.map(({ id }) => id));
      expect(pages).toEqual([['apr_e', 'apr_d'], ['apr_c', 'apr_b'], ['apr_a']]);
      expect(third.cursor).toBeUndefined();
      const answered = await store.listApprovals({ state: 'answered', limit: 1 });
      expect(answered).toMatchObject({ items: [{ id: 'apr_c' }] });
      expect(answered.cursor).toBeUndefined();
    }),
  );

  test(
    'rows of all sessions lie in one list, in the order they were made',
    withStore(create, async (store) => {
      await add(store, [questionAsked('a')], 9);
      await store.append(sampleAppend({ sessionId: session('two'), at: moment(1), events: [questionAsked('b')] }));
      const { items } = await store.listQuestions({ limit: 10 });
      expect(items.map(({ id, sessionId }) => [id, sessionId])).toEqual([
        ['qst_b', 'ses_two'],
        ['qst_a', 'ses_one'],
      ]);
    }),
  );
}

function describeForeignRows(create: CreateEventStore): void {
  test(
    'a row is opened once, closed once, and only by its own session',
    withStore(create, async (store) => {
      await add(store, [approvalRequested('a')], 1);
      const copied = [approvalRequested('a'), approvalAnswered('a')];
      await store.append(sampleAppend({ sessionId: session('fork'), at: moment(2), events: copied }));
      expect(await store.readApproval('apr_a')).toMatchObject({ sessionId: ONE, state: 'pending' });
      await add(store, [approvalAnswered('a'), approvalWithdrawn('a'), approvalAnswered('unknown')], 3);
      expect(await store.readApproval('apr_a')).toMatchObject({ state: 'answered', closedAt: moment(3) });
      expect(await store.readApproval('apr_unknown')).toBeUndefined();
    }),
  );
}

async function add(store: EventStore, events: SessionEvent[], seconds: number): Promise<void> {
  const expectedSeq = await store.readLastSeq(ONE);
  await store.append(sampleAppend({ sessionId: ONE, expectedSeq, at: moment(seconds), events }));
}
