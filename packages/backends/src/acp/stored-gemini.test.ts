import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Copy,
  copyFolder,
  eventsOf,
  expectSound,
  expectToSurviveDamage,
  readAll,
  toList,
  toOutline,
} from '../stored/__fixtures__/stored-session.ts';
import { createAcpBackend } from './index.ts';
import { createGeminiStored } from './stored-gemini.ts';

const FIXTURES = new URL('__fixtures__/stored-gemini', import.meta.url);
const SHELL = 'app/19c109c8';
const RICH = 'app/c3746198';
const toFile = (root: string, name: string) => join(root, '.gemini', 'tmp', 'app', 'chats', name);

let copy: Copy;
const openStored = () => createGeminiStored({ env: { GEMINI_CLI_HOME: copy.root } });

beforeAll(async () => {
  copy = await copyFolder(FIXTURES);
});
afterAll(() => copy.remove());

test('lists conversations without those of subagents, and reads none where nobody said anything', async () => {
  const refs = await toList(openStored().list());
  expect(refs.map(({ ref }) => ref)).toEqual(['app/16d70dc7', SHELL, 'app/6de8ecd3', RICH]);
  expect(await openStored().read('app/6de8ecd3')).toBeUndefined();
  await expect(openStored().read('app/00000000')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(openStored().read('../x')).rejects.toMatchObject({ kind: 'not-found' });
});

test('no other agent has them, whatever it is called', () => {
  const stored = (id: string) =>
    createAcpBackend({ id, title: 'An agent', command: 'agent', args: [], install: '' }).stored;
  expect(stored('gemini')).toBeDefined();
  expect(stored('constructor')).toBeUndefined();
});

test('every fixture is sound and reads the same twice', async () => {
  const [once, twice] = [await readAll(openStored()), await readAll(openStored())];
  expect(once.length).toBe(3);
  for (const session of once) expectSound(session);
  expect(twice).toEqual(once);
});

test('what the terminal stored, without what the CLI told its model', async () => {
  const session = await openStored().read(SHELL);
  expect(session).toMatchObject({
    nativeId: '19c109c8-e317-468b-b72d-ace9874128df',
    cwd: '/home/ada/app',
    title: 'STUB:shell echo hi; exit 3',
    model: 'gemini-2.5-pro',
    usage: { inputTokens: 1800, outputTokens: 50, cacheReadTokens: 200, cacheWriteTokens: 0 },
  });
  expect(toOutline(session)).toEqual([
    'user> STUB:shell echo hi; exit 3',
    'reasoning: **Planning**\nI should use a tool here.',
    'agent-message: I will run a command.',
    'execute echo hi; exit 3: completed',
    'agent-message: Done. The tool finished.',
    '. completed',
  ]);
});

test.each(['/home/ada/app ', '/home/ada/app\u2028', '/home/ada/app\u00a0\n'])(
  'a folder may be called %j',
  async (noted) => {
    const path = join(copy.root, '.gemini', 'tmp', 'app', '.project_root');
    await writeFile(path, noted);
    expect((await openStored().read(SHELL))?.cwd).toBe(noted.replace('\n', ''));
    await rm(path);
  },
);

test('what the protocol stored: a picture, edits, a plan, a cancelled command, a subagent', async () => {
  const session = await openStored().read(RICH);
  expect(toOutline(session)).toMatchSnapshot();
  const starts = eventsOf(session, 'item.started');
  const agent = starts.find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
  expect(starts.filter(({ parentItemId }) => parentItemId === agent?.itemId).length).toBe(5);
});

test('goes back where the user went back', async () => {
  const turns = eventsOf(await openStored().read(SHELL), 'turn.started').length;
  const file = toFile(copy.root, 'session-2026-11-21T11-05-19c109c8.jsonl');
  const message = (id: string, text: string) =>
    JSON.stringify({ id, timestamp: '2026-11-21T11:06:00.000Z', type: 'user', content: [{ text }] });
  await appendFile(file, `${message('x', 'wrong')}\n{"$rewindTo":"x"}\n${message('y', 'right')}\n`);
  const session = await openStored().read(SHELL);
  expect(eventsOf(session, 'turn.started').length).toBe(turns + 1);
  expect(toOutline(session).slice(-2)).toEqual(['user> right', '. interrupted']);
});

test('survives every cut and noise', async () => {
  const damaged = await copyFolder(FIXTURES);
  await expectToSurviveDamage(createGeminiStored({ env: { GEMINI_CLI_HOME: damaged.root } }), [
    { ref: SHELL, path: toFile(damaged.root, 'session-2026-11-21T11-05-19c109c8.jsonl') },
    { ref: RICH, path: toFile(damaged.root, 'session-2026-11-21T11-36-c3746198.jsonl') },
    {
      ref: RICH,
      path: toFile(damaged.root, 'c3746198-5532-4c89-8cb3-866a1ef9f711/759367a9-10a2-4a2d-94ab-65e339d5c7d3.jsonl'),
    },
  ]);
  await damaged.remove();
});
