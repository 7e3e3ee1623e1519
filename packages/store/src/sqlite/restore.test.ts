import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fill, outcomeOf, toAppend } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { readMigrations } from './migrate.ts';
import { restoreDatabase } from './restore.ts';
import { openSqliteStore } from './sqlite-store.ts';

const KNOWN = readMigrations().length;

const NOW = new Date('2026-05-04T03:02:01.000Z');

/** A database with one session of three events, and a backup of it made after the first two. */
async function prepare() {
  const to = temporaryPath('baton.db');
  const from = temporaryPath('copy.db');
  const store = openSqliteStore({ path: to });
  await fill(store, { sessions: 1, events: 2 });
  await store.backup(from);
  await store.append(toAppend('0', 2));
  const logId = await store.readLogId();
  await store.close();
  return { to, from, logId };
}

async function readLastSeq(path: string): Promise<number> {
  const store = openSqliteStore({ path });
  const seq = await store.readLastSeq('ses_0' as never);
  await store.close();
  return seq;
}

describe('restoring', () => {
  test('puts the backup in place, keeps what was there, and gives the log a new id', async () => {
    const { to, from, logId } = await prepare();
    const report = await restoreDatabase({ from, to, now: NOW });
    const replaced = `${to}.replaced-2026-05-04T03-02-01.000Z`;
    expect(report).toEqual({ events: 2, sessions: 1, version: KNOWN, replaced });
    expect(readdirSync(dirname(to)).sort()).toEqual(['baton.db', 'baton.db.replaced-2026-05-04T03-02-01.000Z']);
    expect(await readLastSeq(replaced)).toBe(3);
    const store = openSqliteStore({ path: to });
    onTestFinished(() => store.close());
    expect(await store.readLastSeq('ses_0' as never)).toBe(2);
    expect(await store.readLogId()).not.toBe(logId);
    expect(await store.integrityCheck()).toMatchObject({ ok: true });
  });

  test('works where nothing was, and twice from the same backup', async () => {
    const { from } = await prepare();
    const before = readFileSync(from);
    const to = temporaryPath('fresh.db');
    expect(await restoreDatabase({ from, to })).toEqual({ events: 2, sessions: 1, version: KNOWN });
    expect((await restoreDatabase({ from, to, now: NOW })).replaced).toBe(`${to}.replaced-2026-05-04T03-02-01.000Z`);
    expect(await readLastSeq(to)).toBe(2);
    expect(readFileSync(from).equals(before)).toBe(true);
    expect(readdirSync(dirname(from))).toEqual(['copy.db']);
  });

  test('takes a raw copy of a running database with its write-ahead log', async () => {
    const path = temporaryPath('live.db');
    const store = openSqliteStore({ path });
    onTestFinished(() => store.close());
    await fill(store, { sessions: 1, events: 5 });
    const from = temporaryPath('raw.db');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, from + suffix);
    const to = temporaryPath('fresh.db');
    expect(await restoreDatabase({ from, to })).toMatchObject({ events: 5, sessions: 1 });
    expect(await readLastSeq(to)).toBe(5);
  });

  test('replaces a database that is damaged, with its write-ahead log', async () => {
    const { to, from } = await prepare();
    writeFileSync(to, 'damaged '.repeat(1000));
    writeFileSync(`${to}-wal`, 'stale');
    const { replaced } = await restoreDatabase({ from, to, now: NOW });
    expect(readFileSync(`${replaced}`, 'utf8')).toContain('damaged');
    expect(existsSync(`${to}-wal`)).toBe(false);
    expect(await readLastSeq(to)).toBe(2);
  });
});

describe('restoring changes nothing', () => {
  test.each([
    ['is damaged', (file: string) => truncateSync(file, 20_000)],
    ['is not a database', (file: string) => writeFileSync(file, 'text '.repeat(2000))],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['is of another program', toForeign],
    ['comes from a newer Baton', (file: string) => change(file, 'PRAGMA user_version = 99')],
    ['has lost rows', (file: string) => change(file, 'PRAGMA foreign_keys = OFF; DELETE FROM sessions')],
  ])('when the backup %s', async (_, spoil) => {
    const { to, from } = await prepare();
    spoil(from);
    const outcome = await outcomeOf(restoreDatabase({ from, to }));
    expect(outcome).toMatch(/^invalid-input: Cannot (restore|open)/);
    expect(outcome).toContain(from);
    expect(readdirSync(dirname(to))).toEqual(['baton.db']);
    expect(await readLastSeq(to)).toBe(3);
  });

  test('when the backup does not exist, or is the database itself', async () => {
    const { to, from } = await prepare();
    expect(await outcomeOf(restoreDatabase({ from: `${from}.no`, to }))).toContain(
      'invalid-input: Cannot restore the backup',
    );
    expect(await outcomeOf(restoreDatabase({ from: to, to }))).toContain('it is the database itself');
    expect(await readLastSeq(to)).toBe(3);
  });

  test('while a Baton is running on the database', async () => {
    const { to, from } = await prepare();
    const store = openSqliteStore({ path: to });
    onTestFinished(() => store.close());
    const outcome = await outcomeOf(restoreDatabase({ from, to }));
    expect(outcome).toBe(`store-unavailable: Cannot restore the backup "${from}": "${to}" is in use; stop Baton first`);
    expect(await outcomeOf(store.append(toAppend('0', 3)))).toBe('ok');
    expect(readdirSync(dirname(to)).filter((name) => name.includes('re'))).toEqual([]);
  });
});

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

function toForeign(file: string): void {
  truncateSync(file, 0);
  change(file, 'CREATE TABLE recipes (title TEXT)');
}
