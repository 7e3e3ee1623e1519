import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPathScope } from '../worker/tools/path-scope.ts';
import { readTextFile, writeTextFile } from './serve-files.ts';

test('what was lost in reading another encoding is not written over it', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bt-files-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  const scope = createPathScope(folder);
  const path = join(folder, 'latin.txt');
  const latin = Buffer.from('caf\xe9\nold\n', 'latin1');
  await writeFile(path, latin);
  const { content } = await readTextFile(scope, { path });
  const changed = { path, content: content.replace('old', 'new') };
  await expect(writeTextFile(scope, changed)).rejects.toThrow(/is not UTF-8/);
  expect(await readFile(path)).toEqual(latin);
  await writeTextFile(scope, { path, content: 'café\nnew\n' });
  expect(await readFile(path, 'utf8')).toBe('café\nnew\n');
  // The sign itself is a character like any other.
  await writeTextFile(scope, { path, content: 'a \ufffd\n' });
  expect(await readFile(path, 'utf8')).toBe('a \ufffd\n');
});
