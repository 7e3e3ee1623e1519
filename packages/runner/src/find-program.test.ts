import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram } from './find-program.ts';

let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'find-program-'));
});
afterAll(() => rm(home, { recursive: true }));

async function put(path: string, mode = 0o755): Promise<string> {
  const full = join(home, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, '#!/bin/sh\n');
  await chmod(full, mode);
  return full;
}

test('takes the setting and looks nowhere else', async () => {
  const path = await put('mine/agent-a');
  expect(await findProgram({ name: 'agent-a', setting: path, env: {} })).toEqual({ found: true, path });
  const wrong = join(home, 'mine/none');
  expect(await findProgram({ name: 'agent-a', setting: wrong, env: { PATH: join(home, 'mine') } })).toEqual({
    found: false,
    lookedIn: wrong,
  });
});

test('prefers PATH, in order, and skips what cannot be run or is a folder', async () => {
  await put('one/agent-b', 0o644);
  await mkdir(join(home, 'two/agent-b'), { recursive: true });
  const path = await put('three/agent-b');
  await put('.local/bin/agent-b');
  const PATH = ['one', 'two', 'three'].map((folder) => join(home, folder)).join(':');
  expect(await findProgram({ name: 'agent-b', env: { PATH, HOME: home } })).toEqual({ found: true, path });
});

test('finds the newest of nvm, and the folders it is told', async () => {
  await put('.nvm/versions/node/v9.1.0/bin/agent-c');
  const newest = await put('.nvm/versions/node/v22.3.0/bin/agent-c');
  expect(await findProgram({ name: 'agent-c', env: { HOME: home } })).toEqual({ found: true, path: newest });
  const told = await put('.claude/local/agent-c');
  const folders = [join(home, '.claude/local')];
  expect(await findProgram({ name: 'agent-c', env: { HOME: home }, folders })).toEqual({ found: true, path: told });
});

test('says where it looked when there is none', async () => {
  const result = await findProgram({ name: 'agent-of-nobody', env: { PATH: '', HOME: home } });
  expect(result).toMatchObject({ found: false, lookedIn: expect.stringContaining('PATH') });
});
