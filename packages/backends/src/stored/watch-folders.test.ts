import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchFolders } from './watch-folders.ts';

let root: string;
let stop: () => void = () => {};
let calls = 0;
let wake: () => void = () => {};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'watch-test-'));
  calls = 0;
});
afterEach(async () => {
  stop();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
});

/** Resolves with the next call after `act`. */
async function change(act: () => Promise<unknown>): Promise<void> {
  const called = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await act();
  await called;
}

const start = (rescanMs?: number) => {
  const onChange = () => {
    calls += 1;
    wake();
  };
  stop = watchFolders({
    root: join(root, 'there'),
    depth: 1,
    onChange,
    ...(rescanMs === undefined ? {} : { rescanMs }),
  });
  return Promise.resolve();
};

test('sees a file grow, and one appear in a folder that appeared', async () => {
  await mkdir(join(root, 'there', 'a'), { recursive: true });
  await writeFile(join(root, 'there', 'a', 'x.jsonl'), '1');
  await change(start);
  await change(() => appendFile(join(root, 'there', 'a', 'x.jsonl'), '2'));
  await change(() => mkdir(join(root, 'there', 'b')));
  await change(() => writeFile(join(root, 'there', 'b', 'y.jsonl'), '1'));
  expect(calls).toBeGreaterThanOrEqual(4);
});

test('sees a folder that was missing at first', async () => {
  await start(20);
  await change(() => mkdir(join(root, 'there')));
  expect(calls).toBeGreaterThanOrEqual(1);
});

test('says nothing more once it was ended', async () => {
  await mkdir(join(root, 'there'));
  await change(start);
  stop();
  const before = calls;
  await writeFile(join(root, 'there', 'z'), '1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toBe(before);
});
