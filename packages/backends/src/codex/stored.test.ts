import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Copy,
  copyFolder,
  eventsOf,
  expectSound,
  expectToSurviveDamage,
  itemsOf,
  readAll,
  toList,
  toOutline,
} from '../stored/__fixtures__/stored-session.ts';
import { createCodexStored } from './stored.ts';

const FIXTURES = new URL('__fixtures__/stored', import.meta.url);
const SIMPLE = '01a1fdc8-18be-7fa3-90e1-4827a9eb6d7d';
const RICH = '01a1fdd7-c173-7f73-9183-0ffbac8283f2';
const CHILD = '01a1fdd8-155e-7882-83f6-002e1c302fdb';
const CUT = '01a1fdde-a5a4-7611-a5c1-cc14dedb377a';
const OLD = '0199a000-0000-7000-8000-000000000001';

let copy: Copy;
const openStored = () => createCodexStored({ env: { CODEX_HOME: copy.root } });

beforeAll(async () => {
  copy = await copyFolder(FIXTURES);
});
afterAll(() => copy.remove());

test('lists each thread once, wherever its files are', async () => {
  const refs = await toList(openStored().list());
  expect(refs.map(({ ref }) => ref)).toEqual([OLD, SIMPLE, RICH, CHILD, CUT]);
});

test('every fixture is sound and reads the same twice, and a subagent is no conversation', async () => {
  const [once, twice] = [await readAll(openStored()), await readAll(openStored())];
  expect(once.map(({ nativeId }) => nativeId)).toEqual([OLD, SIMPLE, RICH, CUT]);
  for (const session of once) expectSound(session);
  expect(twice).toEqual(once);
});

test('finds nothing where there is no folder, and says what is gone', async () => {
  expect(await toList(createCodexStored({ env: { HOME: join(copy.root, 'nobody') } }).list())).toEqual([]);
  await expect(openStored().read('../../etc')).rejects.toMatchObject({ kind: 'not-found' });
});

describe('what a conversation looks like', () => {
  test('commands, changes and the turn they belong to', async () => {
    const session = await openStored().read(SIMPLE);
    expect(session).toMatchObject({
      cwd: '/home/ada/app',
      model: 'gpt-5.5',
      usage: { inputTokens: 14462, outputTokens: 254, cacheReadTokens: 14460, cacheWriteTokens: 0 },
    });
    expect(toOutline(session).slice(1)).toEqual([
      'reasoning: Thinking about it',
      'agent-message: I run it.',
      'execute echo hi; exit 3: failed',
      'edit Write a.txt: completed',
      'edit Edit a.txt: completed',
      'agent-message: All done.',
      '. completed',
    ]);
    const tools = itemsOf(session).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
    expect(tools.map(({ output }) => output)).toMatchObject([
      [{ type: 'terminal', text: 'hi\n', exitCode: 3 }],
      [{ type: 'diff', path: '/home/ada/app/a.txt', added: 2, removed: 0 }],
      [{ type: 'diff', path: '/home/ada/app/a.txt', added: 1, removed: 1 }],
    ]);
    expect(eventsOf(session, 'turn.ended')[0]?.point).toBe('01a1fdc8-18d1-7c82-81e9-610df1458c75');
  });

  test('through a step back, with the name it was given, a plan, a picture, steering and a subagent', async () => {
    const session = await openStored().read(RICH);
    expect(session?.title).toBe('My codex title');
    expect(toOutline(session)).toMatchSnapshot();
    expect(eventsOf(session, 'turn.ended').map(({ outcome }) => outcome)).toEqual([
      ...['completed', 'completed', 'completed', 'completed', 'interrupted', 'failed', 'failed'],
      ...['completed', 'completed'],
    ]);
    const starts = eventsOf(session, 'item.started');
    const agent = starts.find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
    expect(starts.filter(({ parentItemId }) => parentItemId === agent?.itemId).length).toBe(1);
  });

  test('a command that was cut off', async () => {
    expect(toOutline(await openStored().read(CUT)).slice(1)).toEqual(['execute sleep 4: interrupted', '. interrupted']);
  });

  test('an older version, which kept no items', async () => {
    const session = await openStored().read(OLD);
    expect(session?.usage).toEqual({ inputTokens: 600, outputTokens: 50, cacheReadTokens: 400, cacheWriteTokens: 0 });
    expect(toOutline(session)).toEqual([
      'user> add a readme',
      'reasoning: **Looking around**',
      'execute ls missing: failed',
      'plan: Write it in-progress',
      'edit Write README.md, Edit a.txt: completed',
      'agent-message: There is a readme now.',
      '. completed',
      'user> run it for long',
      'execute sleep 600: interrupted',
      '. interrupted',
      'user> and you?',
      'agent-message: Fine.',
      '. completed',
    ]);
  });
});

test('survives every cut and noise', async () => {
  const damaged = await copyFolder(FIXTURES);
  const day = join(damaged.root, 'sessions', '2026', '11', '21');
  await expectToSurviveDamage(createCodexStored({ env: { CODEX_HOME: damaged.root } }), [
    { ref: SIMPLE, path: join(day, `rollout-2026-11-21T11-05-11-${SIMPLE}.jsonl`) },
    { ref: RICH, path: join(day, `rollout-2026-11-21T11-22-17-${RICH}.jsonl`) },
    { ref: RICH, path: join(day, `rollout-2026-11-21T11-22-18-${RICH}_01a1fdd7-c271-7871-b904-ac857a688e26.jsonl`) },
    { ref: RICH, path: join(day, `rollout-2026-11-21T11-22-39-${CHILD}.jsonl`) },
    { ref: OLD, path: join(damaged.root, 'sessions', '2025', '10', '01', `rollout-2025-10-01T10-00-00-${OLD}.jsonl`) },
  ]);
  await damaged.remove();
});

test('a lock that nobody holds is a left-over', async () => {
  await mkdir(join(copy.root, 'thread-writer-locks'), { recursive: true });
  await writeFile(join(copy.root, 'thread-writer-locks', `${RICH}.lock`), '');
  expect(await openStored().isLive?.(RICH)).toBe(false);
  expect(await openStored().isLive?.('../x')).toBe(false);
});
