import { lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareHome, readSetup, toUserHome } from './home.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codex-home-'));
});
afterEach(() => rm(root, { recursive: true }));

test("has the user's login and conversations by links, and the settings as a copy", async () => {
  const user = join(root, 'user');
  await mkdir(join(user, 'prompts'), { recursive: true });
  await writeFile(join(user, 'config.toml'), 'model = "a"\n');
  await writeFile(join(user, 'auth.json'), '{}');
  const home = await prepareHome(join(root, 'data'), user, await readSetup(user));
  expect(await readlink(join(home, 'auth.json'))).toBe(join(user, 'auth.json'));
  expect(await readlink(join(home, 'sessions'))).toBe(join(user, 'sessions'));
  expect(await readlink(join(home, 'prompts'))).toBe(join(user, 'prompts'));
  expect(await readFile(join(home, 'config.toml'), 'utf8')).toBe('model = "a"\n');
  expect((await lstat(home)).mode & 0o077).toBe(0);
  await writeFile(join(home, 'config.toml'), 'changed by Codex');
  await writeFile(join(user, 'config.toml'), 'model = "b"\n');
  expect(await prepareHome(join(root, 'data'), user, await readSetup(user))).toBe(home);
  expect(await readFile(join(home, 'config.toml'), 'utf8')).toBe('model = "b"\n');
});

test('has what came to it later, and its links again where they are gone', async () => {
  const user = join(root, 'user');
  const prepare = async () => prepareHome(join(root, 'data'), user, await readSetup(user));
  const home = await prepare();
  await mkdir(join(user, 'rules'));
  await rm(join(user, 'sessions'), { recursive: true });
  await rm(join(home, 'skills'));
  await rm(join(home, 'auth.json'));
  await writeFile(join(home, 'auth.json'), 'put here in its place');
  await prepare();
  for (const name of ['rules', 'sessions', 'skills', 'auth.json'])
    expect(await readlink(join(home, name))).toBe(join(user, name));
  expect((await lstat(join(user, 'sessions'))).isDirectory()).toBe(true);
  await expect(lstat(join(home, 'memories'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('takes a missing home for an empty one, and makes it', async () => {
  const user = join(root, 'nobody', '.codex');
  expect(await readSetup(user)).toEqual({ config: '', hasLogin: false });
  const home = await prepareHome(join(root, 'data'), user, await readSetup(user));
  expect(await readFile(join(home, 'config.toml'), 'utf8')).toBe('');
  expect((await lstat(join(user, 'sessions'))).isDirectory()).toBe(true);
});

test('is made for several sessions at once', async () => {
  const homes = await Promise.all(
    [1, 2, 3].map(() => prepareHome(join(root, 'data'), join(root, 'user'), { config: '', hasLogin: false })),
  );
  expect(new Set(homes).size).toBe(1);
});

test('is found where Codex itself looks', () => {
  expect(toUserHome({ HOME: '/home/u' })).toBe('/home/u/.codex');
  expect(toUserHome({ HOME: '/home/u', CODEX_HOME: '/elsewhere' })).toBe('/elsewhere');
});

test('refuses settings without an end, or that are no file', async () => {
  const user = join(root, 'user');
  await mkdir(user);
  await symlink('/dev/zero', join(user, 'config.toml'));
  await expect(readSetup(user)).rejects.toMatchObject({
    kind: 'invalid-input',
    message: expect.stringContaining('not a regular file'),
  });
  await rm(join(user, 'config.toml'));
  await writeFile(join(user, 'config.toml'), '');
  await truncate(join(user, 'config.toml'), 5 * 1024 * 1024);
  await expect(readSetup(user)).rejects.toMatchObject({
    kind: 'invalid-input',
    message: expect.stringContaining('more than 4 MB'),
  });
});
