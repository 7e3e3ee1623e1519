import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fill, outcomeOf, toAppend, toNotice } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { openSqliteStore } from './sqlite-store.ts';

function open(path = temporaryPath('baton.db')) {
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  return store;
}

test('a backup holds everything, in one private file', async () => {
  const store = open();
  await fill(store, { sessions: 3, events: 4 });
  const file = temporaryPath('copy.db');
  const report = await store.backup(file);
  expect(report).toEqual({ events: 12, sessions: 3, bytes: statSync(file).size });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(file))).toEqual(['copy.db']);
  const copy = open(file);
  expect(await copy.listSessions({ limit: 10 })).toEqual(await store.listSessions({ limit: 10 }));
  expect(await copy.integrityCheck()).toMatchObject({ ok: true, events: 12 });
});

test('a backup made while sessions write is consistent, and disturbs nobody', async () => {
  const store = open();
  const filling = Array.from({ length: 40 }, (_, index) => toNotice(`${index}`.padEnd(50_000, 'x')));
  await store.append(toAppend('large', 0, filling));
  const file = temporaryPath('copy.db');
  let isRunning = true;
  const backup = store.backup(file).finally(() => {
    isRunning = false;
  });
  const written = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      let seq = 0;
      while (isRunning) {
        await store.append(toAppend(String(index), seq, [toNotice('a'), toNotice('b')]));
        seq += 2;
      }
      return seq;
    }),
  );
  const report = await backup;
  const copy = open(file);
  const check = await copy.integrityCheck();
  expect(check).toMatchObject({ ok: true, events: report.events, sessions: report.sessions });
  const total = written.reduce((sum, count) => sum + count, filling.length);
  expect(report.events).toBeLessThanOrEqual(total);
  expect(await store.integrityCheck()).toMatchObject({ ok: true, events: total });
  expect(store.stats().faults).toBe(0);
});

test('a file that exists is never overwritten', async () => {
  const store = open();
  const file = temporaryPath('copy.db');
  await store.backup(file);
  const { mtimeMs } = statSync(file);
  expect(await outcomeOf(store.backup(file))).toContain('conflict: Cannot write the backup');
  expect(statSync(file).mtimeMs).toBe(mtimeMs);
});

test('a backup that cannot be written says why and leaves nothing', async () => {
  const store = open();
  const folder = temporaryPath('folder');
  mkdirSync(folder);
  expect(await outcomeOf(store.backup(join(folder, 'none', 'copy.db')))).toContain('its folder does not exist');
  expect(await outcomeOf(store.backup(folder))).toContain('the file exists');
  expect(readdirSync(folder)).toEqual([]);
});

test('closing waits for a backup under way', async () => {
  const store = open();
  await fill(store, { sessions: 20, events: 50 });
  const file = temporaryPath('copy.db');
  const backup = store.backup(file);
  await store.close();
  expect(existsSync(file)).toBe(true);
  expect(await backup).toMatchObject({ sessions: 20, events: 1000 });
  expect(await outcomeOf(store.backup(temporaryPath('late.db')))).toContain('shutting-down');
});
