import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KnownConfigs } from './known-configs.ts';

let place: string;
let home: string;
let cwd: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'baton-configs-'));
  home = join(place, 'home');
  cwd = join(place, 'repository', 'deep');
  await mkdir(home);
  await mkdir(cwd, { recursive: true });
});
afterEach(() => rm(place, { recursive: true }));

/** Answers with how often it was asked. */
function createCodex() {
  let asked = 0;
  return () => Promise.resolve((asked += 1));
}

test('what was said of a folder is not asked again, and each folder is asked for itself', async () => {
  const configs = new KnownConfigs(home);
  const ask = createCodex();
  expect(await configs.read(cwd, ask)).toBe(1);
  expect(await configs.read(cwd, ask)).toBe(1);
  expect(await configs.read(place, ask)).toBe(2);
  expect(await configs.read(cwd, ask)).toBe(1);
});

test.each([
  ['of the folder', 'repository/deep/.codex'],
  ['of a folder above', 'repository/.codex'],
  ['of the home', 'home'],
])('settings %s that come, change or go are asked for', async (_, folder) => {
  const configs = new KnownConfigs(home);
  const ask = createCodex();
  const path = join(place, folder, 'config.toml');
  await mkdir(join(place, folder), { recursive: true });
  expect(await configs.read(cwd, ask)).toBe(1);
  await writeFile(path, 'model = "a"');
  expect(await configs.read(cwd, ask)).toBe(2);
  await writeFile(path, 'model = "ab"');
  expect(await configs.read(cwd, ask)).toBe(3);
  await rm(path);
  expect(await configs.read(cwd, ask)).toBe(4);
});

test('a repository that begins elsewhere is another one, and what happens in it changes nothing', async () => {
  const configs = new KnownConfigs(home);
  const ask = createCodex();
  expect(await configs.read(cwd, ask)).toBe(1);
  await mkdir(join(place, 'repository', '.git'));
  expect(await configs.read(cwd, ask)).toBe(2);
  await writeFile(join(place, 'repository', '.git', 'index'), 'changed');
  expect(await configs.read(cwd, ask)).toBe(2);
});

test('a refusal is asked for again', async () => {
  const configs = new KnownConfigs(home);
  await expect(configs.read(cwd, () => Promise.reject(new Error('no settings')))).rejects.toThrow('no settings');
  expect(await configs.read(cwd, () => Promise.resolve('read'))).toBe('read');
});
