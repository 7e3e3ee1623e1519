import { describeRecordStore } from '@baton/testkit';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { fill, outcomeOf } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { restoreDatabase } from './restore.ts';
import { openSqliteStore } from './sqlite-store.ts';

function open(path = temporaryPath('baton.db')) {
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  return store;
}

describeRecordStore('sqlite', () => open().records);

test('records are in the file when their promise resolves, and in order after it was opened again', async () => {
  const path = temporaryPath('baton.db');
  const store = openSqliteStore({ path });
  await store.records.put('tasks', [
    { id: 'b', value: 1 },
    { id: 'a', value: { deep: [true, null] } },
  ]);
  const other = new DatabaseSync(path);
  expect(other.prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: 2 });
  other.close();
  await store.close();
  expect(await open(path).records.list('tasks')).toEqual([
    { id: 'b', value: 1 },
    { id: 'a', value: { deep: [true, null] } },
  ]);
});

test('records share the transaction of the appends that are made with them', async () => {
  const store = open();
  await fill(store, { sessions: 1, events: 1 });
  const { commits } = store.stats();
  await Promise.all([
    fill(store, { sessions: 0, events: 0 }),
    store.records.put('a', [{ id: '1', value: 1 }]),
    store.records.put('b', [{ id: '1', value: 1 }]),
    store.records.remove('a', ['1']),
  ]);
  expect(store.stats().commits).toBe(commits + 1);
  expect(await store.records.list('a')).toEqual([]);
});

test('a backup has the records, and restoring it brings them back', async () => {
  const path = temporaryPath('baton.db');
  const store = openSqliteStore({ path });
  await store.records.put('policies', [{ id: 'rules', value: ['first'] }]);
  const copy = temporaryPath('copy.db');
  await store.backup(copy);
  await store.records.put('policies', [{ id: 'rules', value: ['second'] }]);
  await store.close();
  await restoreDatabase({ from: copy, to: path });
  expect(await open(path).records.read('policies', 'rules')).toEqual(['first']);
});

test('after closing every call is refused', async () => {
  const store = open();
  const { records } = store;
  await store.close();
  const calls = [records.list('a'), records.read('a', '1'), records.put('a', []), records.remove('a', ['1'])];
  for (const outcome of await Promise.all(calls.map(outcomeOf))) expect(outcome).toMatch(/^shutting-down/);
});

test('the integrity check reads the records', async () => {
  const path = temporaryPath('baton.db');
  const store = open(path);
  await store.records.put('tasks', [{ id: 'a', value: 1 }]);
  expect(await store.integrityCheck()).toMatchObject({ ok: true });
  const other = new DatabaseSync(path);
  other.exec("UPDATE records SET value = '{broken'");
  other.close();
  const { ok, problems } = await store.integrityCheck();
  expect({ ok, problem: problems[0] }).toEqual({
    ok: false,
    problem: expect.stringContaining('The record "a" of "tasks" is not JSON'),
  });
});

test('a database of the form before records is migrated and keeps its events', async () => {
  const path = temporaryPath('baton.db');
  const now = openSqliteStore({ path });
  await fill(now, { sessions: 1, events: 3 });
  await now.close();
  const db = new DatabaseSync(path);
  db.exec('DROP TABLE records; DROP TABLE marks; PRAGMA user_version = 1');
  db.close();
  const store = open(path);
  expect(await store.readLastSeq('ses_0' as never)).toBe(3);
  await store.records.put('tasks', [{ id: 'a', value: 1 }]);
  expect(await store.integrityCheck()).toMatchObject({ ok: true, events: 3 });
});
