import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClaudeBackend } from '@baton/backends';
import { createHistory } from '@baton/features';
import { historyStatusSchema } from '@baton/protocol';
import { toClaudeProject, toClaudeTranscript } from '@baton/testkit';
import { createEngine } from '@baton/core';
import { createMemoryStore } from '@baton/store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { createHistoryThreads } from './history-threads.ts';

const NATIVE_ID = '11111111-1111-4111-8111-111111111111';

function setUp() {
  const home = mkdtempSync(join(tmpdir(), 'baton-history-thread-'));
  const folder = join(home, '.claude', 'projects', toClaudeProject('/w/app'));
  mkdirSync(folder, { recursive: true });
  const exchanges = [{ prompt: 'Water the tulips', answer: 'They are watered.' }];
  writeFileSync(
    join(folder, `${NATIVE_ID}.jsonl`),
    toClaudeTranscript({ nativeId: NATIVE_ID, cwd: '/w/app', at: '2026-01-02T08:00:00.000Z', exchanges }),
  );
  const env = { HOME: home, PATH: process.env['PATH'] };
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const resolveFolder = (path: string) => Promise.resolve(path);
  const engine = createEngine({
    ...{ store: createMemoryStore(), clock: systemClock, backends: () => [], resolveFolder, onFault },
  });
  const start = createHistoryThreads(join(home, 'history.db'), [createClaudeBackend({ env })]);
  const threads: ReturnType<typeof start>[] = [];
  const history = createHistory({
    ...{ engine, clock: systemClock, resolveFolder, onFault, delayMs: 0 },
    startThread(suspects) {
      const thread = start(suspects);
      threads.push(thread);
      return thread;
    },
  });
  onTestFinished(() => history.stop?.());
  const call = { params: undefined, query: undefined, body: undefined, actor: { id: 'ada', name: 'Ada' } };
  const asked = { ...call, commandId: () => 'cmd_1' as never };
  const status = async () => historyStatusSchema.parse(await history.handlers.getHistoryStatus(asked));
  const find = async (q: string) => history.handlers.search({ ...asked, query: { q, limit: 5 } });
  return { history, threads, faults, status, find };
}

test('reads what an agent stored in a thread of its own, and ends with the server', async () => {
  const { history, threads, faults, status, find } = setUp();
  await history.start?.();
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', total: 1, found: 1 }), 20_000);
  expect(await find('tulips')).toMatchObject({ items: [{ text: 'Water the tulips', title: 'Water the tulips' }] });
  const ended = new Promise((resolve) => threads[0]?.onEnd(resolve));
  await history.stop?.();
  expect(await ended).toBeUndefined();
  await expect(find('tulips')).rejects.toMatchObject({ kind: 'shutting-down' });
  expect(faults).toEqual([]);
});

test('says when the thread is gone, and starts another', async () => {
  const { history, threads, faults, status, find } = setUp();
  await history.start?.();
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', found: 1 }), 20_000);
  const asked = find('tulips');
  threads[0]?.kill();
  await asked.catch((error: unknown) => expect(error).toMatchObject({ kind: 'store-unavailable' }));
  await vi.waitFor(async () => expect((await status()).problem).toMatch(/stopped .* starts again in 1 s/));
  await expect(find('tulips')).rejects.toMatchObject({ kind: 'store-unavailable', details: { retryAfter: 1 } });
  expect(faults).toHaveLength(1);
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', found: 1 }), 20_000);
  expect(await find('tulips')).toMatchObject({ items: [{ text: 'Water the tulips' }] });
  expect(threads).toHaveLength(2);
});
