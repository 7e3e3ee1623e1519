import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchMountPoints } from './mount-points.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codex-mounts-'));
});
afterEach(() => rm(root, { recursive: true }));

test('removes what a sandbox left, and nothing that is somebody’s', async () => {
  await mkdir(join(root, '.agents'));
  await mkdir(join(root, '.git'));
  const points = watchMountPoints([root]);
  await mkdir(join(root, '.aws'));
  await mkdir(join(root, '.codex'));
  await writeFile(join(root, '.codex', 'config.toml'), '');
  points.clean();
  const left = ['.agents', '.git', '.aws', '.codex'].filter((name) => existsSync(join(root, name)));
  expect(left).toEqual(['.agents', '.codex']);
});

test('leaves a repository alone', async () => {
  await mkdir(join(root, '.git', 'objects'), { recursive: true });
  watchMountPoints([root]).clean();
  expect(existsSync(join(root, '.git', 'objects'))).toBe(true);
});
