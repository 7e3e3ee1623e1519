import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClaudeBackend } from '@baton/backends';
import { createHistory, type HistoryThread } from '@baton/features';
import { historyStatusSchema } from '@baton/protocol';
import { type Exchange, toClaudeProject, toClaudeTranscript } from '@baton/testkit';
import { createEngine } from '@baton/core';
import { createMemoryStore } from '@baton/store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { createHistoryThreads } from './history-threads.ts';

const NATIVE_ID = '11111111-1111-4111-8111-111111111111';

const AT = '2026-01-02T08:00:00.000Z';

function createHome(): { home: string; store(nativeId: string, exchanges: readonly Exchange[]): void } {
  const home = mkdtempSync(join(tmpdir(), 'baton-history-thread-'));
  const folder = join(home, '.claude', 'projects', toClaudeProject('/w/app'));
  mkdirSync(folder, { recursive: true });
  const store = (nativeId: string, exchanges: readonly Exchange[]) => {
    const text = toClaudeTranscript({ nativeId, cwd: '/w/app', at: AT, exchanges });
    writeFileSync(join(folder, `${nativeId}.jsonl`), text);
  };
  return { home, store };
}

function setUp() {
  const { home, store } = createHome();
  store(NATIVE_ID, [{ prompt: 'Water the tulips', answer: 'They are watered.' }]);
  const env = { HOME: home, PATH: process.env['PATH'] };
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const resolveFolder = (path: string) => Promise.resolve(path);
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock: systemClock, backends: () => [], resolveFolder, onFault },
  });
  const start = createHistoryThreads(join(home, 'history.db'), [createClaudeBackend({ env })]);
  const threads: ReturnType<typeof start>[] = [];
  const history = createHistory({
    ...{ engine, backends: () => [], clock: systemClock, resolveFolder, onFault, delayMs: 0 },
    startThread(suspects) {
      const thread = start(suspects);
      threads.push(thread);
      return thread;
    },
  });
  onTestFinished(() => history.stop?.());
  const call = { params: undefined, query: undefined, body: undefined, actor: { id: 'ada', name: 'Ada' } };
  const asked = { ...call, commandId: () => 'cmd_1' as never };
  const status = async () => historyStatusSchema.parse(await history.handlers.getHistoryStatus(asked));
  const find = async (q: string) => history.handlers.search({ ...asked, query: { q, limit: 5 } });
  return { history, threads, faults, status, find };
}

test('reads what an agent stored in a thread of its own, and ends with the server', async () => {
  const { history, threads, faults, status, find } = setUp();
  await history.start?.();
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', total: 1, found: 1 }), 60_000);
  expect(await find('tulips')).toMatchObject({ items: [{ text: 'Water the tulips', title: 'Water the tulips' }] });
  const ended = new Promise((resolve) => threads[0]?.onEnd(resolve));
  await history.stop?.();
  expect(await ended).toBeUndefined();
  await expect(find('tulips')).rejects.toMatchObject({ kind: 'shutting-down' });
  expect(faults).toEqual([]);
});

test('says when the thread is gone, and starts another', async () => {
  const { history, threads, faults, status, find } = setUp();
  await history.start?.();
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', found: 1 }), 60_000);
  const asked = find('tulips');
  threads[0]?.kill();
  await asked.catch((error: unknown) => expect(error).toMatchObject({ kind: 'store-unavailable' }));
  await vi.waitFor(async () => expect((await status()).problem).toMatch(/stopped .* starts again in 1 s/), 60_000);
  await expect(find('tulips')).rejects.toMatchObject({ kind: 'store-unavailable', details: { retryAfter: 1 } });
  expect(faults).toHaveLength(1);
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', found: 1 }), 60_000);
  expect(await find('tulips')).toMatchObject({ items: [{ text: 'Water the tulips' }] });
  expect(threads).toHaveLength(2);
});

/** A thread whose messages are seen, and which is asked by number. */
function watchThread(thread: HistoryThread) {
  const ended = new Promise((resolve) => thread.onEnd(resolve));
  const answers = new Map<number, (value: unknown) => void>();
  const read: string[] = [];
  let onRead = (_count: number) => {};
  thread.onMessage((message) => {
    if (message.type === 'answered') answers.get(message.number)?.(message.value);
    if (message.type !== 'read') return;
    read.push(message.place.ref);
    onRead(read.length);
  });
  let count = 0;
  const ask = (method: 'followStored' | 'status' | 'listFound' | 'search', input?: unknown) =>
    new Promise<unknown>((resolve) => {
      count += 1;
      answers.set(count, resolve);
      thread.post({ type: 'call', number: count, method, input });
    });
  const untilRead = (wanted: number) =>
    new Promise<void>((resolve) => {
      onRead = (seen) => {
        if (seen >= wanted) resolve();
      };
    });
  const untilReady = () =>
    vi.waitFor(async () => expect(await ask('status')).toMatchObject({ state: 'ready' }), 60_000);
  return { ended, read, ask, untilRead, untilReady };
}

test('goes on where it was killed, and finds what one finds that was left alone', async () => {
  const { home, store } = createHome();
  const talk = Array.from({ length: 10 }, (_, turn) => ({ prompt: `prompt ${turn} of all`, answer: `answer ${turn}` }));
  const numbers = Array.from({ length: 200 }, (_, number) => number);
  for (const number of numbers) {
    const nativeId = NATIVE_ID.replace(/^1{8}/, number.toString(16).padStart(8, '0'));
    store(nativeId, [...talk, { prompt: `the needle ${number}`, answer: 'in the hay' }]);
  }
  const backends = [createClaudeBackend({ env: { HOME: home } })];
  const start = (name: string) => createHistoryThreads(join(home, name), backends)([]);
  const everything = async ({ ask, untilReady }: ReturnType<typeof watchThread>) => {
    await ask('followStored');
    await untilReady();
    const find = (q: string) => ask('search', { q, limit: 200 });
    return [
      await ask('status'),
      await ask('listFound', { limit: 200, keepers: [] }),
      await find('needle 7'),
      await find('"answer 7"'),
    ];
  };

  const first = start('killed.db');
  const killed = watchThread(first);
  const half = killed.untilRead(100);
  void killed.ask('followStored');
  await half;
  first.kill();
  await killed.ended;
  const second = start('killed.db');
  const resumed = watchThread(second);
  const found = await everything(resumed);
  expect(found[0]).toMatchObject({ total: 200, found: 200, waiting: 0, unreadable: 0, passages: 200 * 22 });
  // A commit is due every 500 passages; what was in none yet is read again.
  expect(resumed.read.length).toBeLessThan(150);

  const third = start('left-alone.db');
  const alone = watchThread(third);
  expect(toWithoutKeys(await everything(alone))).toEqual(toWithoutKeys(found));
  for (const thread of [second, third]) thread.post({ type: 'stop' });
  await Promise.all([resumed.ended, alone.ended]);
});

// All was said in the same moments: which of them comes first depends on which was read first.
function toWithoutKeys(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items)) return value;
    return value.items.map((item) => JSON.stringify(item)).toSorted();
  });
}
