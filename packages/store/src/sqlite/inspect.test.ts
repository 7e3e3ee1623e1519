import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { fill } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { inspectDatabase } from './inspect.ts';
import { readMigrations } from './migrate.ts';
import { openSqliteStore } from './sqlite-store.ts';

const KNOWN = readMigrations().length;

test('says that there is none, and makes none', async () => {
  const path = temporaryPath('baton.db');
  expect(await inspectDatabase({ path })).toEqual({ state: 'absent' });
  expect(await inspectDatabase({ path })).toEqual({ state: 'absent' });
});

test('checks a database while a server runs on it', async () => {
  const path = temporaryPath('baton.db');
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  await fill(store, { sessions: 2, events: 3 });
  const inspection = await inspectDatabase({ path });
  expect(inspection).toMatchObject({ state: 'current', version: KNOWN, report: { ok: true, events: 6, sessions: 2 } });
});

test('says why a database would be refused', async () => {
  const path = temporaryPath('baton.db');
  await openSqliteStore({ path }).close();
  const other = new DatabaseSync(path);
  other.exec('PRAGMA user_version = 42');
  other.close();
  const newer = await inspectDatabase({ path });
  expect(newer).toMatchObject({ state: 'refused', problem: expect.stringContaining('it has version 42') });
  writeFileSync(path, 'no database '.repeat(1000));
  const foreign = await inspectDatabase({ path });
  expect(foreign).toMatchObject({ state: 'refused', problem: expect.stringContaining('not a database') });
});

test('says that an older database will be migrated, without doing it', async () => {
  const path = temporaryPath('baton.db');
  await openSqliteStore({ path }).close();
  const other = new DatabaseSync(path);
  other.exec('PRAGMA user_version = 0');
  other.close();
  expect(await inspectDatabase({ path })).toMatchObject({ state: 'older', version: 0, knownVersion: KNOWN });
});
