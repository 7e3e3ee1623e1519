import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { eachJsonLine } from './json-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(path: string): Promise<unknown[]> {
  const values: unknown[] = [];
  await eachJsonLine(path, (value) => values.push(value));
  return values;
}

test('each line that is JSON, the last one without an end included', async () => {
  const path = join(folder, 'talk.jsonl');
  writeFileSync(path, '{"a":1}\nno json\n\n[2]\n"three"');
  expect(await read(path)).toEqual([{ a: 1 }, [2], 'three']);
});

test('what is gone, and a folder, is said', async () => {
  await expect(read(join(folder, 'gone.jsonl'))).rejects.toMatchObject({ kind: 'not-found' });
  await expect(read(folder)).rejects.toMatchObject({ kind: 'invalid-input' });
});

test.runIf(process.platform !== 'win32')('a pipe that lies where a conversation was is not waited for', async () => {
  const path = join(folder, 'pipe.jsonl');
  execFileSync('mkfifo', [path]);
  await expect(read(path)).rejects.toMatchObject({ kind: 'invalid-input' });
});
