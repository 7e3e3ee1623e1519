import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { countRows, hashDatabase, listTables, makeOlderDatabase } from '../../test/older-database.ts';
import { SteppingDatabase } from '../../test/stepping-database.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { migrate, readMigrations, readVersion } from './migrate.ts';
import { openSqliteStore } from './sqlite-store.ts';

const PROGRAM = fileURLToPath(new URL('../../test/migrates-until-killed.ts', import.meta.url));
const MIGRATIONS = readMigrations();
/** Every version there ever was, and the file that is not there yet: 0. */
const OLDER = MIGRATIONS.map(({ version }) => version - 1);

function makeOlder(version: number): string {
  const path = temporaryPath('baton.db');
  makeOlderDatabase(path, { migrations: MIGRATIONS, version });
  return path;
}

/** The files as a process that ended now would leave them. */
function copyAsKilled(path: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, 'baton.db');
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

/** Opens it as a server does, to the newest version, and tells what it then holds. */
async function openAndHash(path: string): Promise<string> {
  const store = openSqliteStore({ path });
  expect(await store.integrityCheck()).toMatchObject({ ok: true, problems: [] });
  await store.close();
  return hashDatabase(path);
}

/** Migrates, and copies the files before each statement and after the last. */
function migrateInSteps(path: string): string[] {
  const copies: string[] = [];
  const keep = () => copies.push(copyAsKilled(path, join(dirname(path), `step-${copies.length}`)));
  const db = new SteppingDatabase(path, keep);
  onTestFinished(() => db.close());
  migrate(db, { path, migrations: MIGRATIONS });
  keep();
  return copies;
}

describe.each(OLDER)('a database of version %i', (version) => {
  test('has rows in every table, and none of them is lost', async () => {
    const path = makeOlder(version);
    const before = countRows(path);
    expect([...before.values()]).not.toContain(0);
    await openAndHash(path);
    const after = countRows(path);
    for (const [table, rows] of before) expect([table, after.get(table)]).toEqual([table, rows]);
    const store = openSqliteStore({ path });
    onTestFinished(() => store.close());
    const events = await store.readEvents('ses_1' as never, { after: 0, limit: 10 });
    expect(events).toHaveLength(version === 0 ? 0 : 2);
  });

  test('is the same in the end wherever the migration was cut off', async () => {
    const path = makeOlder(version);
    const expected = await openAndHash(copyAsKilled(path, join(dirname(path), 'unkilled')));
    const copies = migrateInSteps(path);
    expect(copies.length).toBeGreaterThan(4);
    for (const copy of copies) expect(await openAndHash(copy)).toBe(expected);
  });

  test('is the same in the end wherever its last write was torn', async () => {
    const path = makeOlder(version);
    const expected = await openAndHash(copyAsKilled(path, join(dirname(path), 'unkilled')));
    const last = migrateInSteps(path).at(-1) ?? '';
    const bytes = readFileSync(`${last}-wal`).length;
    for (let cut = 1; cut <= 12; cut += 1) {
      const torn = copyAsKilled(last, join(dirname(path), `torn-${cut}`));
      truncateSync(`${torn}-wal`, Math.floor((bytes * cut) / 12) - 7);
      expect(await openAndHash(torn)).toBe(expected);
    }
  });

  test('is the same in the end after a kill -9 of the process that migrates', async () => {
    const path = makeOlder(version);
    const expected = await openAndHash(copyAsKilled(path, join(dirname(path), 'unkilled')));
    const steps = migrateInSteps(copyAsKilled(path, join(dirname(path), 'counted'))).length - 1;
    // In the middle, before the last commit, and after it.
    const killed = [Math.floor(steps / 2), steps - 1, steps].map(async (step) => {
      const copy = copyAsKilled(path, join(dirname(path), `killed-${step}`));
      const child = spawn(process.execPath, [PROGRAM, copy, String(step)], { stdio: 'inherit' });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
      return copy;
    });
    for (const copy of await Promise.all(killed)) expect(await openAndHash(copy)).toBe(expected);
  });

  test('is left as it was when the disk is full, and is migrated when there is room', async () => {
    const path = makeOlder(version);
    const before = hashDatabase(path);
    const db = new DatabaseSync(path);
    onTestFinished(() => db.close());
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const refusal = takeRefusal(() => migrate(db, { path, migrations: MIGRATIONS.slice(0, version + 1) }));
    // One that makes nothing needs no room.
    expect([FULL, undefined]).toContain(refusal);
    expect(readVersion(db)).toBe(refusal === undefined ? version + 1 : version);
    if (refusal !== undefined) expect(hashDatabase(path)).toBe(before);
    db.exec('PRAGMA max_page_count = 1000000');
    migrate(db, { path, migrations: MIGRATIONS });
    expect(readVersion(db)).toBe(MIGRATIONS.length);
  });

  test('is left as it was when it is read-only, and is migrated when it is not any more', async () => {
    const path = makeOlder(version);
    const before = hashDatabase(path);
    const db = new DatabaseSync(path);
    onTestFinished(() => db.close());
    db.exec('PRAGMA query_only = 1');
    expect(takeRefusal(() => migrate(db, { path, migrations: MIGRATIONS }))).toContain('readonly');
    expect(hashDatabase(path)).toBe(before);
    db.exec('PRAGMA query_only = 0');
    migrate(db, { path, migrations: MIGRATIONS });
    expect(readVersion(db)).toBe(MIGRATIONS.length);
  });
});

const FULL = 'database or disk is full';

function takeRefusal(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

describe('a database that is not for this Baton', () => {
  const read = (path: string) => ['', '-wal'].map((end) => (existsSync(path + end) ? readFileSync(path + end) : null));

  test.each(['wal', 'delete'])('of a newer one is refused and untouched (journal mode %s)', (mode) => {
    const path = makeOlder(MIGRATIONS.length);
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA journal_mode = ${mode}; PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    // With commits that are in its log alone, as a kill leaves them.
    const copy = copyAsKilled(path, join(dirname(path), 'newer'));
    db.close();
    const before = read(copy);
    expect(() => openSqliteStore({ path: copy })).toThrow(/start the newer Baton/);
    expect(read(copy)).toEqual(before);
  });

  test('of another program is refused and untouched', () => {
    const path = temporaryPath('other.db');
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE other (name TEXT) STRICT');
    expect(listTables(db)).toEqual(['other']);
    db.close();
    const before = read(path);
    expect(() => openSqliteStore({ path })).toThrow(/it is a database of another program/);
    expect(read(path)).toEqual(before);
  });
});

test('a migration that comes later is covered too: one that makes, fills and changes a table', async () => {
  const folder = temporaryPath('migrations');
  cpSync(fileURLToPath(new URL('./migrations/', import.meta.url)), folder, { recursive: true });
  const name = `${String(MIGRATIONS.length + 1).padStart(4, '0')}-later.sql`;
  const sql = `
    CREATE TABLE labels (name TEXT NOT NULL, session_key INTEGER NOT NULL REFERENCES sessions (key)) STRICT;
    INSERT INTO labels SELECT title || '; -- ' || id, key FROM sessions;
    CREATE TRIGGER keep AFTER DELETE ON labels BEGIN UPDATE sessions SET title = 'a;b'; DELETE FROM drafts; END;
    ALTER TABLE sessions ADD COLUMN label TEXT NOT NULL DEFAULT 'none';
  `;
  writeFileSync(join(folder, name), sql);
  const migrations = readMigrations(folder);
  const path = makeOlder(MIGRATIONS.length);
  const steps: string[] = [];
  const db = new SteppingDatabase(path, (statement) => steps.push(statement.trim().slice(0, 14)));
  migrate(db, { path, migrations });
  db.close();
  expect(steps).toEqual([
    ...['BEGIN IMMEDIAT', 'CREATE TABLE l', 'INSERT INTO la', 'CREATE TRIGGER', 'ALTER TABLE se'],
    ...['PRAGMA applica', 'PRAGMA user_ve', 'COMMIT'],
  ]);
  const later = temporaryPath('baton.db');
  makeOlderDatabase(later, { migrations, version: migrations.length });
  expect(countRows(later).get('labels')).toBe(2);
});
