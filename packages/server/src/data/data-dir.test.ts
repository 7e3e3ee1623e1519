import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataDir } from './data-dir.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'baton-data-dir-'));

test('is made with all folders above it, for its owner alone, and may exist', () => {
  const path = join(folder(), 'a', 'b');
  openDataDir(path);
  openDataDir(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test('that is a file, or lies in one, is refused with what to do', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below')]) expect(() => openDataDir(path)).toThrow(/Set BATON_DATA/);
});

test.runIf(process.platform === 'linux')('where no folder can be made is refused instead of tried for ever', () => {
  expect(() => openDataDir('/proc/baton-data-dir')).toThrow(/Set BATON_DATA/);
});
