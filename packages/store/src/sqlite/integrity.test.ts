import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SessionEvent } from '@baton/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { fill, toAppend } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** A store over two sessions of 600 events, one approval among them. */
async function openFilled() {
  const path = temporaryPath('baton.db');
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  await fill(store, { sessions: 2, events: 600 });
  const request: SessionEvent = {
    type: 'approval.requested',
    approvalId: 'apr_1' as never,
    turnId: 'trn_1' as never,
    title: 'npm test',
    action: { kind: 'execute', tool: 'Bash', input: {} },
    options: [{ id: 'yes', title: 'Allow', kind: 'allow-once' }],
  };
  await store.append(toAppend('asks', 0, [request]));
  return { path, store };
}

test('a sound store has no problems', async () => {
  const { store } = await openFilled();
  expect(await store.integrityCheck()).toEqual({ ok: true, events: 1201, sessions: 3, problems: [] });
});

test.each([
  [
    'DELETE FROM events WHERE seq = 300 AND session_key = 1',
    'Session "ses_0" should have 600 events without a gap and has 599',
  ],
  ["UPDATE events SET event = '{}' WHERE position = 700", 'Event 100 of session "ses_1" is not valid at "type"'],
  ["UPDATE events SET event = '{' WHERE position = 1", 'Event 1 of session "ses_0" is not JSON'],
  [
    "UPDATE views SET view = json_set(view, '$.seq', 7) WHERE session_key = 1",
    'The view of session "ses_0" says seq 7 and its row 600',
  ],
  ["UPDATE views SET view = '{}' WHERE session_key = 2", 'The view of session "ses_1" is not valid at "id"'],
  ["UPDATE inbox SET state = 'answered'", 'The approval "apr_1" says state pending and its row answered'],
  ['PRAGMA foreign_keys = OFF; DELETE FROM sessions WHERE key = 1', '600 rows of "events" belong to a session'],
])('says what is wrong after: %s', async (sql, problem) => {
  const { path, store } = await openFilled();
  const other = new DatabaseSync(path);
  other.exec(sql);
  other.close();
  const { ok, problems } = await store.integrityCheck();
  expect(ok).toBe(false);
  expect(problems.length).toBeLessThanOrEqual(100);
  expect(problems.find((text) => text.startsWith(problem))).toBeDefined();
});

test('a damaged file is a problem, not a crash', async () => {
  const { path, store } = await openFilled();
  await store.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 8192, 60_000);
  writeFileSync(path, bytes);
  const damaged = openSqliteStore({ path });
  onTestFinished(() => damaged.close());
  const report = await damaged.integrityCheck();
  expect(report.ok).toBe(false);
  expect(report.problems.length).toBeGreaterThan(0);
});
