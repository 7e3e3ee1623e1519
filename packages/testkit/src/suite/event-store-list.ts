import type { EventStore, SessionQuery } from '@baton/core';
import type { SessionId, SessionView } from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moment, outcomeOf, sampleAppend, session } from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

export function describeSessionList(create: CreateEventStore): void {
  describe('list of sessions', () => {
    describeOrder(create);
    describeFilters(create);
    describeWalk(create);
  });
}

function describeOrder(create: CreateEventStore): void {
  test(
    'newest activity first, then by id',
    withStore(create, async (store) => {
      await addSession(store, 'b', { updatedAt: moment(5) });
      await addSession(store, 'old', { updatedAt: moment(1) });
      await addSession(store, 'a', { updatedAt: moment(5) });
      await addSession(store, 'new', { updatedAt: moment(9) });
      expect(await listIds(store, {})).toEqual(['ses_new', 'ses_a', 'ses_b', 'ses_old']);
    }),
  );

  test(
    'times are compared as times, not as text',
    withStore(create, async (store) => {
      await addSession(store, 'whole', { updatedAt: '2026-01-01T00:00:00Z' });
      await addSession(store, 'half', { updatedAt: '2026-01-01T00:00:00.500Z' });
      expect(await listIds(store, {})).toEqual(['ses_half', 'ses_whole']);
    }),
  );

  test(
    'unsettled sessions are those with a live process or turn, archived ones too',
    withStore(create, async (store) => {
      for (const state of ['idle', 'starting', 'running', 'waiting', 'stopped', 'failed'] as const) {
        await addSession(store, state, { state });
      }
      await addSession(store, 'archived', { state: 'idle', archived: true });
      const expected = ['archived', 'idle', 'running', 'starting', 'waiting'].map(session);
      expect((await store.listUnsettled()).sort()).toEqual(expected);
    }),
  );
}

function describeFilters(create: CreateEventStore): void {
  test(
    'filters by state, backend, words and archive',
    withStore(create, async (store) => {
      await addSession(store, 'a', { state: 'idle', title: 'Ünïcode ÉTÉ 100%', cwd: '/srv/api', updatedAt: moment(3) });
      await addSession(store, 'b', {
        state: 'idle',
        backend: 'worker',
        title: 'Tests',
        cwd: '/srv/Web_App',
        updatedAt: moment(2),
      });
      await addSession(store, 'c', { archived: true, title: 'Tests of old', cwd: '/srv', updatedAt: moment(1) });
      expect(await listIds(store, { state: 'idle' })).toEqual(['ses_a', 'ses_b']);
      expect(await listIds(store, { state: 'failed' })).toEqual([]);
      expect(await listIds(store, { backend: 'worker' })).toEqual(['ses_b']);
      expect(await listIds(store, { backend: 'worker', state: 'running' })).toEqual([]);
      expect(await listIds(store, { archived: true })).toEqual(['ses_c']);
      expect(await listIds(store, { archived: false, q: 'TESTS' })).toEqual(['ses_b']);
      expect(await listIds(store, { q: 'ünïCODE été' })).toEqual(['ses_a']);
      expect(await listIds(store, { q: '/SRV/' })).toEqual(['ses_a', 'ses_b']);
      expect(await listIds(store, { q: 'app' })).toEqual(['ses_b']);
      expect(await listIds(store, { q: '' })).toEqual(['ses_a', 'ses_b']);
    }),
  );

  test(
    'search words have no wild cards and do not reach across title and folder',
    withStore(create, async (store) => {
      await addSession(store, 'a', { title: 'percent 100%', cwd: '/srv/web_app' });
      for (const q of ['%', '_', 'b_a', '0%']) expect(await listIds(store, { q })).toEqual(['ses_a']);
      for (const q of ['p%t', 'w*b', 'webxapp', '%/srv', "'"]) expect(await listIds(store, { q })).toEqual([]);
    }),
  );
}

function describeWalk(create: CreateEventStore): void {
  test(
    'pages follow each other without a gap; the last one has no cursor',
    withStore(create, async (store) => {
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await addSession(store, name, { updatedAt: moment(name === 'c' ? 9 : 5) });
      const first = await store.listSessions({ limit: 2 });
      const second = await store.listSessions({ limit: 2, cursor: first.cursor });
      const third = await store.listSessions({ limit: 2, cursor: second.cursor });
      const pages = [first, second, third].map(({ items }) => items.map(({ id }) => id));
      expect(pages).toEqual([['ses_c', 'ses_a'], ['ses_b', 'ses_d'], ['ses_e']]);
      expect(third.cursor).toBeUndefined();
      expect((await store.listSessions({ limit: 5 })).cursor).toBeUndefined();
    }),
  );

  test(
    'a cursor of something else is refused as bad input',
    withStore(create, async (store) => {
      for (const cursor of ['', 'nonsense', 'WzEsMl0', '%%%']) {
        expect(await outcomeOf(store.listSessions({ limit: 2, cursor }))).toBe('invalid-input');
        expect(await outcomeOf(store.listApprovals({ limit: 2, cursor }))).toBe('invalid-input');
      }
    }),
  );

  // A move: which session is touched between two pages, and the time it then has, perhaps an earlier one.
  const moves = fc.array(fc.tuple(fc.nat(9), fc.nat(20)), { maxLength: 12 });
  test('each session is shown at most once per walk and exactly once if it stays, while others change places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 10 }),
        moves,
        fc.integer({ min: 1, max: 4 }),
        (times, changes, limit) =>
          withStore(create, async (store) => {
            for (const [index, time] of times.entries())
              await addSession(store, String(index), { updatedAt: moment(time) });
            const { shown, touched } = await walkWhileMoving(store, changes, limit);
            expect(new Set(shown).size).toBe(shown.length);
            const still = (await listIds(store, {})).filter((id) => !touched.has(id));
            expect(shown).toEqual(expect.arrayContaining(still));
          })(),
      ),
      { numRuns: 30 },
    );
  });
}

async function walkWhileMoving(store: EventStore, changes: [number, number][], limit: number) {
  const shown: SessionId[] = [];
  const touched = new Set<SessionId>();
  let cursor: string | undefined;
  do {
    const page = await store.listSessions({ limit, cursor });
    shown.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
    for (const [index, time] of changes.splice(0, 2)) {
      const sessionId = session(String(index));
      const expectedSeq = await store.readLastSeq(sessionId);
      await store.append(sampleAppend({ sessionId, expectedSeq, view: { updatedAt: moment(time) } }));
      touched.add(sessionId);
    }
  } while (cursor !== undefined);
  return { shown, touched };
}

async function addSession(store: EventStore, name: string, view: Partial<SessionView>): Promise<void> {
  await store.append(sampleAppend({ sessionId: session(name), view }));
}

async function listIds(store: EventStore, query: Partial<SessionQuery>): Promise<SessionId[]> {
  const { items } = await store.listSessions({ limit: 100, ...query });
  return items.map(({ id }) => id);
}
