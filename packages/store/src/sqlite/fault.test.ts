import { DatabaseSync } from 'node:sqlite';
import type { AppError } from '@baton/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fill, outcomeOf, toAppend, toNotice } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { migrate, readMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { createSqliteStore } from './sqlite-store.ts';

/** A store whose database the test can break and mend, and what the store said of it. */
function openBreakable() {
  const path = temporaryPath('baton.db');
  const db = openDatabase({ path, busyTimeoutMs: 5 });
  migrate(db, { path, migrations: readMigrations() });
  const faults: AppError[] = [];
  const store = createSqliteStore(db, { onFault: (error) => faults.push(error) });
  onTestFinished(() => store.close());
  return { path, db, store, faults };
}

function readPageCount(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA page_count').get()?.page_count);
}

describe('a full disk', () => {
  test('refuses what does not fit, keeps the rest, goes on reading and recovers without a restart', async () => {
    const { db, store, faults } = openBreakable();
    await fill(store, { sessions: 2, events: 5 });
    db.exec(`PRAGMA max_page_count = ${readPageCount(db) + 8}`);
    const big = toAppend('big', 0, [toNotice('x'.repeat(100_000))]);
    const outcomes = [store.append(toAppend('0', 5)), store.append(big), store.append(toAppend('1', 5))].map(outcomeOf);
    const full = 'disk-full: Cannot append to session "ses_big": the disk is full; free some space and try again';
    expect(await Promise.all(outcomes)).toEqual(['ok', full, 'ok']);
    expect(faults.map(({ message }) => message)).toEqual([full.slice('disk-full: '.length)]);
    expect(await store.readLastSeq(big.sessionId)).toBe(0);
    expect(await store.readView(big.sessionId)).toBeUndefined();
    expect(await store.listSessions({ limit: 10 })).toMatchObject({ items: [{ seq: 6 }, { seq: 6 }] });
    db.exec('PRAGMA max_page_count = 1000000');
    expect(await outcomeOf(store.append(big))).toBe('ok');
    expect(await store.integrityCheck()).toMatchObject({ ok: true, events: 13, sessions: 3 });
  });

  test('fails every write of a batch when nothing fits, drafts and receipts too', async () => {
    const { db, store, faults } = openBreakable();
    await fill(store, { sessions: 1, events: 1 });
    db.exec(`PRAGMA max_page_count = ${readPageCount(db)}`);
    const text = 'x'.repeat(100_000);
    const append = { ...toAppend('0', 1, [toNotice(text)]), receipt: { commandId: 'cmd_1', receipt: 1 } };
    const { sessionId } = append;
    const outcomes = [
      store.append(append),
      store.append(toAppend('0', 2)),
      store.saveDrafts(sessionId, [{ itemId: 'itm_1' as never, field: 'text', text }]),
    ].map(outcomeOf);
    const [first, second, third] = await Promise.all(outcomes);
    expect(first).toContain('disk-full');
    expect(second).toContain('store-conflict');
    expect(third).toContain('disk-full: Cannot keep the drafts of session "ses_0"');
    expect(await store.readReceipt('cmd_1')).toBeUndefined();
    expect(await store.readDrafts(sessionId)).toEqual([]);
    expect(faults).toHaveLength(2);
    expect(store.stats()).toMatchObject({ faults: 2, queued: 0 });
  });
});

describe('a database that cannot be written', () => {
  test('read-only: appends fail, reads go on, appends succeed once it is writable again', async () => {
    const { db, store } = openBreakable();
    await fill(store, { sessions: 1, events: 3 });
    db.exec('PRAGMA query_only = 1');
    const outcomes = [store.append(toAppend('0', 3)), store.append(toAppend('new', 0))].map(outcomeOf);
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toMatch(
        /^store-unavailable: Cannot append to session "ses_\w+": the database is read-only; make/,
      );
    }
    expect(await store.readEvents('ses_0' as never, { after: 0, limit: 10 })).toHaveLength(3);
    db.exec('PRAGMA query_only = 0');
    expect(await outcomeOf(store.append(toAppend('0', 3)))).toBe('ok');
  });

  test('locked by another program: appends fail, reads go on, appends succeed once it lets go', async () => {
    const { path, store } = openBreakable();
    await fill(store, { sessions: 1, events: 3 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await outcomeOf(store.append(toAppend('0', 3)))).toContain(
      'store-unavailable: Cannot append to session "ses_0"',
    );
    expect(await store.readLastSeq('ses_0' as never)).toBe(3);
    other.exec('ROLLBACK');
    other.close();
    expect(await outcomeOf(store.append(toAppend('0', 3)))).toBe('ok');
  });
});
