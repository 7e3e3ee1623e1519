import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { fill } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { readMigrations, readVersion } from './migrate.ts';
import { openSqliteStore } from './sqlite-store.ts';

const KNOWN = readMigrations().length;

/** The real migrations and one more. */
function writeNewerMigrations(sql: string): string {
  const folder = temporaryPath('migrations');
  cpSync(fileURLToPath(new URL('./migrations/', import.meta.url)), folder, { recursive: true });
  writeFileSync(join(folder, `${String(KNOWN + 1).padStart(4, '0')}-later.sql`), sql);
  return folder;
}

test('an older database is brought to the newest version and keeps its content', async () => {
  const path = temporaryPath('baton.db');
  const old = openSqliteStore({ path });
  await fill(old, { sessions: 1, events: 2 });
  await old.close();
  const migrationsDir = writeNewerMigrations('CREATE TABLE labels (name TEXT) STRICT;');
  const store = openSqliteStore({ path, migrationsDir });
  onTestFinished(() => store.close());
  expect(await store.readLastSeq('ses_0' as never)).toBe(2);
  const other = new DatabaseSync(path);
  expect(readVersion(other)).toBe(KNOWN + 1);
  other.close();
});

test('a database from a newer version is refused, naming both versions and what to do', async () => {
  const path = temporaryPath('baton.db');
  const migrationsDir = writeNewerMigrations('CREATE TABLE labels (name TEXT) STRICT;');
  await openSqliteStore({ path, migrationsDir }).close();
  const words = `it has version ${KNOWN + 1} and this Baton knows versions up to ${KNOWN}; start the newer Baton`;
  expect(() => openSqliteStore({ path })).toThrow(words);
});

test('a migration that fails leaves the database as it was', async () => {
  const path = temporaryPath('baton.db');
  await openSqliteStore({ path }).close();
  const migrationsDir = writeNewerMigrations('CREATE TABLE labels (name TEXT) STRICT; INSERT INTO nowhere VALUES (1);');
  expect(() => openSqliteStore({ path, migrationsDir })).toThrow('no such table: nowhere');
  const db = new DatabaseSync(path);
  expect(readVersion(db)).toBe(KNOWN);
  expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'labels'").get()).toEqual({ n: 0 });
  db.close();
  await openSqliteStore({ path }).close();
});

test('migrations are numbered without a gap', () => {
  const folder = temporaryPath('migrations');
  mkdirSync(folder);
  writeFileSync(join(folder, '0002-second.sql'), '');
  expect(() => readMigrations(folder)).toThrow('migrations are numbered 1, 2, 3');
});
