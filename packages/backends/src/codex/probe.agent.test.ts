import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXECUTABLE, type Place, VERSION, createPlace } from './__fixtures__/open-codex.ts';
import { createCodexBackend } from './index.ts';

let place: Place;
beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

const probe = (env: Record<string, string> = {}, executable: string | undefined = EXECUTABLE) =>
  createCodexBackend({ executable, env: { PATH: '/nowhere', HOME: place.home, ...env } }).probe();

test('says what is installed, what it can do, and how to sign in', async () => {
  const view = await probe();
  expect(view).toMatchObject({
    ...{ id: 'codex', installed: true, version: VERSION, authenticated: 'no' },
    problem: expect.stringContaining('codex login'),
  });
  expect(view.path).toContain('vendor');
  expect(view.capabilities).toEqual(expect.arrayContaining(['fork', 'rewind', 'steer', 'live-effort', 'subagents']));
  expect(view.models.find(({ id }) => id === 'gpt-5.5')?.efforts).toContain('high');
});

test('knows who signed in, by login, key or a provider of their own', async () => {
  expect(await probe({ OPENAI_API_KEY: 'k' })).toMatchObject({ authenticated: 'yes' });
  const home = join(place.home, '.codex');
  await mkdir(home);
  await writeFile(join(home, 'auth.json'), '{"auth_mode":"apikey","OPENAI_API_KEY":"k"}');
  const view = await probe();
  expect(view.authenticated).toBe('yes');
  expect(view.problem).toBeUndefined();
});

test('says where it looked for a program that is not there', async () => {
  const view = await probe({}, join(place.root, 'no-codex'));
  expect(view).toMatchObject({ installed: false, problem: expect.stringMatching(/no-codex\)\. Install it with "npm/) });
});
