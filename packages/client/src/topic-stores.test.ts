import type { SessionView, TopicName } from '@baton/protocol';
import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createTopicStores, foldSessions } from './topic-stores.ts';

function view(minute: number, overrides: Partial<SessionView> = {}): SessionView {
  const at = `2026-11-20T12:${String(minute).padStart(2, '0')}:00.000Z`;
  return {
    id: createId('session'),
    title: 'code',
    backend: 'worker',
    cwd: '/code',
    state: 'idle',
    archived: false,
    seq: 1,
    queue: [],
    pending: { approvals: [], questions: [] },
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: at,
    updatedAt: at,
    ...overrides,
  };
}

const EMPTY = { status: 'loading', sessions: [] } as const;

test('newest activity comes first and moves up', () => {
  const [old, recent] = [view(1), view(2)];
  const listed = foldSessions(EMPTY, { kind: 'snapshot', sessions: [old, recent] });
  expect(listed.sessions).toEqual([recent, old]);
  const moved = { ...old, seq: 2, updatedAt: view(3).updatedAt };
  expect(foldSessions(listed, { kind: 'changed', session: moved }).sessions).toEqual([moved, recent]);
});

test('an older view never replaces a newer one', () => {
  const session = view(1, { seq: 7 });
  const listed = foldSessions(EMPTY, { kind: 'snapshot', sessions: [session] });
  expect(foldSessions(listed, { kind: 'changed', session: { ...session, seq: 6, title: 'old' } }).sessions).toEqual([
    session,
  ]);
});

test('a deleted session leaves the list', () => {
  const session = view(1);
  const listed = foldSessions(EMPTY, { kind: 'snapshot', sessions: [session] });
  expect(foldSessions(listed, { kind: 'deleted', sessionId: session.id }).sessions).toEqual([]);
});

function createStores() {
  const watched: TopicName[] = [];
  const flushes: (() => void)[] = [];
  const stores = createTopicStores({
    watch: (topic) => void watched.push(topic),
    scheduler: (flush) => void flushes.push(flush),
  });
  const flush = () => {
    for (const each of flushes.splice(0)) each();
  };
  return { stores, watched, flush, waiting: () => flushes.length };
}

test('a topic is watched from its first subscriber on, and again on every connection', () => {
  const { stores, watched } = createStores();
  stores.online();
  expect(watched).toEqual([]);
  stores.inbox.subscribe(() => {})();
  stores.inbox.subscribe(() => {});
  expect(watched).toEqual(['approvals']);
  stores.online();
  expect(watched).toEqual(['approvals', 'approvals']);
});

test('many changes in one frame are told once', () => {
  const { stores, flush, waiting } = createStores();
  let told = 0;
  stores.sessions.subscribe(() => {
    told += 1;
  });
  stores.received({ type: 'topic', topic: 'sessions', data: { kind: 'snapshot', sessions: [] } });
  for (let minute = 0; minute < 20; minute += 1) {
    stores.received({ type: 'topic', topic: 'sessions', data: { kind: 'changed', session: view(minute) } });
  }
  expect(waiting()).toBe(1);
  flush();
  expect(told).toBe(1);
  expect(stores.sessions.get().sessions).toHaveLength(20);
});

test('offline, lists stay and say that they are stale', () => {
  const { stores, flush } = createStores();
  stores.received({ type: 'topic', topic: 'approvals', data: { kind: 'snapshot', approvals: [], questions: [] } });
  stores.offline();
  flush();
  expect(stores.inbox.get()).toEqual({ status: 'stale', approvals: [], questions: [] });
  expect(stores.sessions.get().status).toBe('loading');
});

test('notices keep the last fifty', () => {
  const { stores, flush } = createStores();
  for (let count = 1; count <= 60; count += 1) {
    stores.received({
      type: 'topic',
      topic: 'notices',
      data: { kind: 'raised', level: 'info', text: `${count}`, at: view(0).createdAt },
    });
  }
  flush();
  const { notices } = stores.notices.get();
  expect(notices).toHaveLength(50);
  expect(notices.at(-1)?.text).toBe('60');
});
