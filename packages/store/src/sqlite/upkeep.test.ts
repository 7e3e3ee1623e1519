import { statSync } from 'node:fs';
import { emptyTimeline, foldTimeline } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { AT, toAppend, toNotice } from '../../test/sample.ts';
import { temporaryPath } from '../../test/temporary-path.ts';
import { compactDatabase } from './compact.ts';
import { openSqliteStore, type SqliteStore } from './sqlite-store.ts';

const KEPT = 'ses_kept' as SessionId;

function open(path = temporaryPath('baton.db')) {
  const store = openSqliteStore({ path });
  onTestFinished(() => store.close());
  return { store, path };
}

const toRaw = (text: string) => ({ type: 'raw.received' as const, source: 'claude', payload: { text } });

/** All that a reader can see. */
async function readAll(store: SqliteStore) {
  const events = await store.readEvents(KEPT, { after: 0, limit: 10_000 });
  return {
    events,
    timeline: events.reduce(foldTimeline, emptyTimeline),
    view: await store.readView(KEPT),
    drafts: await store.readDrafts(KEPT),
    env: await store.readEnv(KEPT),
    receipt: await store.readReceipt('cmd_1' as never),
    sessions: await store.listSessions({ limit: 100 }),
    approvals: await store.listApprovals({ limit: 100 }),
    records: await store.records.list('things'),
    logId: await store.readLogId(),
  };
}

async function fillBoth(store: SqliteStore): Promise<void> {
  const long = 'x'.repeat(2000);
  const created = { type: 'session.created' as const, backend: 'claude', cwd: '/', by: 'owner', title: 'Kept' };
  await store.append({
    ...toAppend('kept', 0, [created as never, ...Array.from({ length: 50 }, (_, index) => toRaw(`${index} ${long}`))]),
    receipt: { commandId: 'cmd_1' as never, receipt: { ok: true } },
    env: { A: '1' },
  });
  await store.append(
    toAppend(
      'gone',
      0,
      Array.from({ length: 500 }, () => toNotice(long)),
    ),
  );
  await store.saveDrafts(KEPT, [{ itemId: 'itm_1' as never, field: 'text', text: 'so far' }]);
  await store.records.put('things', [{ id: 'a', value: { b: 1 } }]);
}

test('what is compacted reads the same before and after, and takes less', async () => {
  const { store, path } = open();
  await fillBoth(store);
  await store.deleteSession('ses_gone' as SessionId);
  const before = await readAll(store);
  await store.upkeep.tidy();
  expect(statSync(`${path}-wal`).size).toBe(0);
  expect(await readAll(store)).toEqual(before);
  await store.close();
  const report = compactDatabase({ path });
  expect(report.bytesAfter).toBeLessThan(report.bytesBefore / 2);
  const { store: again } = open(path);
  expect(await readAll(again)).toEqual(before);
  expect(again.measure()).toMatchObject({ sessions: 1, events: 51, freeBytes: 0 });
  expect(await again.integrityCheck()).toMatchObject({ ok: true });
});

test('raw messages lose their content, and nothing else loses anything', async () => {
  const { store } = open();
  await fillBoth(store);
  const before = await readAll(store);
  const after = new Date(Date.parse(AT) + 1).toISOString();
  expect(await store.upkeep.trimRaw({ before: AT, dryRun: false })).toEqual({ events: 0, bytes: 0 });
  const planned = await store.upkeep.trimRaw({ before: after, dryRun: true });
  expect(planned).toMatchObject({ events: 50 });
  expect(await readAll(store)).toEqual(before);
  expect(await store.upkeep.trimRaw({ before: after, dryRun: false })).toEqual(planned);
  const { events, ...rest } = await readAll(store);
  expect(events.map(({ seq, at }) => ({ seq, at }))).toEqual(before.events.map(({ seq, at }) => ({ seq, at })));
  expect(events[1]?.event).toEqual({ type: 'raw.received', source: 'claude', payload: { removedByRetention: true } });
  expect(rest).toEqual({ ...before, events: undefined, ...rest, timeline: before.timeline });
  expect(await store.upkeep.trimRaw({ before: after, dryRun: false })).toEqual({ events: 0, bytes: 0 });
  expect(await store.integrityCheck()).toMatchObject({ ok: true });
});
