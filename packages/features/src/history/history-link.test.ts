import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError, foundSessionSchema } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Suspect } from './history-calls.ts';
import { createHistoryLink, type HistoryThread } from './history-link.ts';

const PATIENCE = { timeout: 60_000 };

function setUp() {
  const clock = createManualClock();
  const path = join(mkdtempSync(join(tmpdir(), 'baton-link-')), 'history.db');
  const [faults, reads, starts]: [unknown[], string[], (readonly Suspect[])[]] = [[], [], []];
  function startThread(suspects: readonly Suspect[]): HistoryThread {
    const file = new URL('./__fixtures__/fragile-thread.ts', import.meta.url);
    const worker = new Worker(file, { workerData: { path, suspects } });
    let failure: Error | undefined;
    worker.on('error', (error) => {
      failure = error instanceof Error ? error : undefined;
    });
    starts.push(suspects);
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) =>
        void worker.on('message', (message) => {
          if (message.type === 'reading') reads.push(message.place.ref);
          listener(message);
        }),
      onEnd: (listener) => void worker.once('exit', () => listener(failure)),
      kill: () => void worker.terminate(),
    };
  }
  const link = createHistoryLink({
    ...{ clock, startThread, onFault: (error) => faults.push(error) },
    onRestarted: () => void link.calls.followStored().catch(() => {}),
    onOwnChanged: () => {},
  });
  onTestFinished(() => link.stop());
  const problem = (words: string) =>
    vi.waitFor(async () => expect((await link.calls.status()).problem ?? '').toContain(words), PATIENCE);
  return { link, clock, faults, reads, starts, problem };
}

test('a conversation that ends the thread twice is left out, and the others are read', async () => {
  const { link, clock, faults, reads, starts, problem } = setUp();
  await link.calls.followStored();
  await problem('stopped (out of memory) and starts again in 1 s');
  clock.advance(1000);
  await problem('starts again in 2 s');
  clock.advance(2000);
  await vi.waitFor(async () => {
    expect(await link.calls.status()).toMatchObject({ state: 'ready', total: 3, waiting: 0, unreadable: 1 });
  }, PATIENCE);
  expect(reads.filter((ref) => ref === 'bad')).toHaveLength(2);
  expect(reads).toEqual(expect.arrayContaining(['good', 'fine']));
  // Others that were being read beside it have one strike at most: they were read after it, each alone.
  expect(starts.at(-1)?.filter(({ times }) => times === 2)).toEqual([expect.objectContaining({ ref: 'bad' })]);
  expect(faults).toHaveLength(2);
});

test('what is asked meanwhile is refused, with when to ask again', async () => {
  const { link, problem } = setUp();
  await link.calls.followStored();
  await problem('starts again');
  const refused = link.calls.search({ q: 'apples', limit: 5 });
  await expect(refused).rejects.toMatchObject({ kind: 'store-unavailable', details: { retryAfter: 1 } });
  await link.stop();
  await expect(link.calls.listOwn()).rejects.toMatchObject({ kind: 'shutting-down' });
});

test('an error comes over as what it was', async () => {
  const { link } = setUp();
  const id = foundSessionSchema.shape.id.parse(`fnd_${'0'.repeat(26)}`);
  const error = await link.calls.readFound(id).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ kind: 'not-found', message: expect.stringContaining('no stored conversation') });
});

test('a thread that cannot be started is tried again, and the server goes on', async () => {
  const clock = createManualClock();
  const faults: unknown[] = [];
  const startThread = () => {
    throw new Error('no memory for a thread');
  };
  const link = createHistoryLink({
    clock,
    startThread,
    onRestarted: () => {},
    onOwnChanged: () => {},
    onFault: (cause) => faults.push(cause),
  });
  await expect(link.calls.listOwn()).rejects.toMatchObject({ message: expect.stringContaining('no memory') });
  clock.advance(1000);
  expect(faults).toHaveLength(2);
  await link.stop();
});
