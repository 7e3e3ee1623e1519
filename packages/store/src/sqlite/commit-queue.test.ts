import { expect, onTestFinished, test } from 'vitest';
import { outcomeOf, toAppend, toNotice } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import type { Commit } from './commit-queue.ts';
import { openSqliteStore } from './sqlite-store.ts';

function open() {
  const commits: Commit[] = [];
  const store = openSqliteStore({ path: temporaryPath('baton.db'), afterCommit: (commit) => commits.push(commit) });
  onTestFinished(() => store.close());
  return { store, commits };
}

test('appends of one turn of the event loop share one commit', async () => {
  const { store, commits } = open();
  await Promise.all(Array.from({ length: 20 }, (_, index) => store.append(toAppend(String(index), 0))));
  expect(commits.map(({ writes }) => writes)).toEqual([20]);
  await store.append(toAppend('0', 1));
  expect(store.stats()).toMatchObject({ commits: 2, writes: 21, batchedWrites: 20, faults: 0, queued: 0 });
  expect(store.stats().lastCommitMs).toBeGreaterThan(0);
});

test('a refused append does not disturb the others of its commit', async () => {
  const { store, commits } = open();
  const appends = [toAppend('a', 0), toAppend('b', 7), toAppend('c', 0)];
  const outcomes = await Promise.all(appends.map((append) => outcomeOf(store.append(append))));
  expect(outcomes).toEqual(['ok', expect.stringContaining('store-conflict'), 'ok']);
  expect(commits.map(({ writes }) => writes)).toEqual([2]);
});

test('a mistake in one append does not disturb the others of its commit', async () => {
  const { store } = open();
  const broken = { ...toAppend('b', 0), at: null as unknown as string };
  const outcomes = [toAppend('a', 0), broken, toAppend('c', 0)].map((append) => outcomeOf(store.append(append)));
  expect(await Promise.all(outcomes)).toEqual(['ok', expect.stringContaining('NOT NULL'), 'ok']);
  expect(await store.readLastSeq(broken.sessionId)).toBe(0);
  expect(await store.integrityCheck()).toMatchObject({ ok: true, events: 2, sessions: 2 });
});

test('a large queue is cut into several commits, in order', async () => {
  const { store, commits } = open();
  const settled: number[] = [];
  const appends = Array.from({ length: 600 }, (_, index) => {
    return store.append(toAppend(String(index % 3), Math.floor(index / 3))).then(() => settled.push(index));
  });
  await Promise.all(appends);
  expect(commits.map(({ writes }) => writes)).toEqual([256, 256, 88]);
  expect(settled).toEqual(appends.map((_, index) => index));
});

test('large appends are not put together beyond some megabytes; a larger one goes alone', async () => {
  const { store, commits } = open();
  const sizes = [1, 3, 2, 6, 1];
  await Promise.all(
    sizes.map((size, index) => store.append(toAppend(String(index), 0, [toNotice('x'.repeat(size * 1_000_000))]))),
  );
  expect(commits.map(({ writes }) => writes)).toEqual([2, 1, 1, 1]);
});

test('of several appends to a session in one commit the last view stays', async () => {
  const { store, commits } = open();
  const appends = [0, 1, 2].map((seq) => toAppend('a', seq));
  await Promise.all(appends.map((append) => store.append(append)));
  expect(commits).toHaveLength(1);
  expect(await store.readView('ses_a' as never)).toEqual(appends[2]?.view);
  expect(await store.integrityCheck()).toMatchObject({ ok: true, problems: [] });
});
