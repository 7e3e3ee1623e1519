import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isAppError } from '@baton/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fill } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { openDatabase } from './open-database.ts';
import { openSqliteStore } from './sqlite-store.ts';

function openAndClose(path: string, migrationsDir?: string): Promise<void> {
  const dir = migrationsDir === undefined ? {} : { migrationsDir };
  return openSqliteStore({ path, busyTimeoutMs: 5, ...dir }).close();
}

function refusalOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (isAppError(error)) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'opened';
}

describe('opening', () => {
  test('makes a file that only its owner can read, with all that belongs to it', async () => {
    const path = temporaryPath('baton.db');
    const store = openSqliteStore({ path });
    await fill(store, { sessions: 1, events: 1 });
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    await store.close();
  });

  test('again finds everything where it was, under the same log id', async () => {
    const path = temporaryPath('baton.db');
    const first = openSqliteStore({ path });
    await fill(first, { sessions: 2, events: 3 });
    const logId = await first.readLogId();
    await first.close();
    const second = openSqliteStore({ path });
    onTestFinished(() => second.close());
    expect(await second.readLogId()).toBe(logId);
    expect(await second.readLastSeq('ses_1' as never)).toBe(3);
    expect(logId).toMatch(/^[0-9a-f]{32}$/);
  });

  test('makes every commit wait for the disk', () => {
    const db = openDatabase({ path: temporaryPath('baton.db'), busyTimeoutMs: 5 });
    onTestFinished(() => db.close());
    const read = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect([read('journal_mode'), read('synchronous'), read('foreign_keys')]).toEqual(['wal', 2, 1]);
  });
});

describe('opening is refused in words, never with a crash', () => {
  test('when another program has locked the file', async () => {
    const path = temporaryPath('baton.db');
    await openAndClose(path);
    const other = new DatabaseSync(path);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(refusalOf(() => openAndClose(path))).toContain(
      'another program is using the database; stop it (is a second Baton',
    );
    other.close();
    await openAndClose(path);
  });

  test('when the file is not a database', () => {
    const path = temporaryPath('baton.db');
    writeFileSync(path, 'not a database, and long enough to be read as one'.repeat(50));
    expect(refusalOf(() => openAndClose(path))).toContain('store-unavailable: Cannot open the database');
  });

  test('when it is a database of another program', () => {
    const path = temporaryPath('other.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE recipes (title TEXT)');
    other.close();
    expect(refusalOf(() => openAndClose(path))).toContain('it is a database of another program');
  });

  test('when its folder does not exist, or the file is a folder', () => {
    const path = temporaryPath('folder');
    mkdirSync(path);
    expect(refusalOf(() => openAndClose(path))).toContain('the file cannot be opened');
    expect(refusalOf(() => openAndClose(join(dirname(path), 'none', 'baton.db')))).toContain(
      'check that its folder exists',
    );
  });
});
