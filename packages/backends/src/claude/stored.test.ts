import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
import { createClaudeStored } from './stored.ts';

const FIXTURES = new URL('__fixtures__/stored', import.meta.url);
const PROJECT = '-home-ada-app';
const idOf = (digit: number, last = digit) => {
  const d = String(digit);
  return `${d.repeat(8)}-${d.repeat(4)}-4${d.repeat(3)}-8${d.repeat(3)}-${d.repeat(11)}${last}`;
};
const refOf = (digit: number, last = digit) => `${PROJECT}/${idOf(digit, last)}.jsonl`;

let copy: Copy;
const openStored = () => createClaudeStored({ env: { CLAUDE_CONFIG_DIR: copy.root } });
const read = (digit: number, last = digit) => openStored().read(refOf(digit, last));

beforeAll(async () => {
  copy = await copyFolder(FIXTURES);
});
afterAll(() => copy.remove());

describe('what is found', () => {
  test('lists each conversation once, without its subagents', async () => {
    const refs = await toList(openStored().list());
    expect(refs.map(({ ref }) => ref)).toEqual([refOf(1), refOf(2), refOf(3), refOf(3, 4), refOf(4), refOf(5)]);
    for (const each of refs) expect(each.version).toMatch(/^\d+-\d+$/);
  });

  test('every fixture is sound and reads the same twice', async () => {
    const [once, twice] = [await readAll(openStored()), await readAll(openStored())];
    expect(once.length).toBe(6);
    for (const session of once) expectSound(session);
    expect(twice).toEqual(once);
  });

  test('finds nothing where there is no folder', async () => {
    expect(await toList(createClaudeStored({ env: { HOME: join(copy.root, 'nobody') } }).list())).toEqual([]);
  });

  test('says that a conversation is gone, and never leaves its folder', async () => {
    await expect(read(9)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(openStored().read('../settings.json')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('what a conversation looks like', () => {
  test('tools, their output and the point of each turn', async () => {
    const session = await read(1);
    expect(session).toMatchObject({
      nativeId: idOf(1),
      cwd: '/home/ada/app',
      title: 'STUB:write notes.txt',
      model: 'claude-opus-5-5',
      usage: { inputTokens: 4000, outputTokens: 80, cacheReadTokens: 400, cacheWriteTokens: 200 },
    });
    expect(toOutline(session)).toEqual([
      'user> STUB:write notes.txt',
      'agent-message: I will write a file. ',
      'edit Write notes.txt: completed',
      'agent-message: Done. The tool finished.',
      '. completed',
      'user> STUB:shell echo hi; exit 3',
      'reasoning: I should run a command.',
      'agent-message: I will run a command. ',
      'execute echo hi; exit 3: failed',
      'agent-message: Done. The tool finished.',
      '. completed',
    ]);
    const tools = itemsOf(session).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
    expect(tools[0]?.output).toMatchObject([{ type: 'diff', path: 'notes.txt', added: 1, removed: 0 }]);
    expect(tools[1]?.output).toEqual([{ type: 'terminal', text: 'hi', exitCode: 3 }]);
    const [first] = eventsOf(session, 'turn.ended');
    const point = `${idOf(1)}:c72b9def-0909-4054-a228-55d0eecb5143`;
    expect(first).toMatchObject({ point, usage: { inputTokens: 2000 } });
    // The turn ended when its last line was written, not when somebody came back.
    expect(first?.durationMs).toBe(273);
  });

  test('subagents under their calls, failures, an interrupted turn, and no words of the CLI to itself', async () => {
    const session = await read(2);
    expect(toOutline(session)).toMatchSnapshot();
    const starts = eventsOf(session, 'item.started');
    const agents = starts.filter(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
    expect(agents.length).toBe(2);
    for (const { itemId } of agents) {
      expect(starts.filter(({ parentItemId }) => parentItemId === itemId).length).toBeGreaterThan(4);
    }
    expect(eventsOf(session, 'turn.ended').map(({ outcome }) => outcome)).toEqual([
      'completed',
      'completed',
      'completed',
      'failed',
      'failed',
      'interrupted',
      'completed',
    ]);
  });

  test('only the branch that goes on after a rewind, through a compaction', async () => {
    const session = await read(3);
    expect(session?.title).toBe('My title');
    expect(toOutline(session).filter((line) => line.startsWith('user>'))).toEqual([
      'user> one',
      'user> two instead',
      'user> after compact',
    ]);
  });

  test('a fork has its own turns and those it was given', async () => {
    expect(toOutline(await read(3, 4)).filter((line) => line.includes('>'))).toEqual([
      'agent>',
      'user> after compact',
      'user> forked',
    ]);
  });

  test('the older version', async () => {
    expect(toOutline(await read(4))).toContain('execute echo hi: completed');
  });

  test('calls made together, pictures, steering and an interrupt', async () => {
    expect(toOutline(await read(5))).toMatchSnapshot();
  });
});

test('subagents that older versions kept in the main file', async () => {
  let second = 0;
  const line = (type: 'user' | 'assistant', chain: [uuid: string, parentUuid: string | null], content: unknown) => {
    const [uuid, parentUuid] = chain;
    const timestamp = `2025-06-01T10:00:0${(second += 1)}.000Z`;
    const message = { id: `msg_${uuid}`, role: type, model: 'claude-opus-4', content };
    return { type, uuid, parentUuid, isSidechain: uuid.startsWith('s'), timestamp, cwd: '/home/ada/app', message };
  };
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Task', input: { description: 'Look', prompt: 'Look around' } };
  const inside = { type: 'tool_use', id: 'toolu_2', name: 'LS', input: { path: '/home/ada/app' } };
  const lines = [
    { type: 'summary', summary: 'Looking around', leafUuid: 'd' },
    line('user', ['a', null], 'look'),
    line('assistant', ['b', 'a'], [call]),
    line('user', ['s1', null], 'Look around'),
    line('assistant', ['s2', 's1'], [inside]),
    line('user', ['s3', 's2'], [{ type: 'tool_result', tool_use_id: 'toolu_2', content: '- a.txt' }]),
    line('user', ['c', 'b'], [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'One file.' }]),
    line('assistant', ['d', 'c'], [{ type: 'text', text: 'One file.' }]),
  ];
  await writeFile(join(copy.root, 'projects', refOf(7)), lines.map((each) => JSON.stringify(each)).join('\n'));
  const session = await read(7);
  expect(session?.title).toBe('Looking around');
  expect(toOutline(session)).toEqual([
    'user> look',
    'search LS: completed',
    'subagent Look: completed',
    'agent-message: One file.',
    '. completed',
  ]);
  const [task, inner] = eventsOf(session, 'item.started');
  expect(inner?.parentItemId).toBe(task?.itemId);
});

describe('damage', () => {
  test('survives every cut and noise', async () => {
    const damaged = await copyFolder(FIXTURES);
    const stored = createClaudeStored({ env: { CLAUDE_CONFIG_DIR: damaged.root } });
    const refs = await toList(stored.list());
    await expectToSurviveDamage(
      stored,
      refs.map(({ ref }) => ({ ref, path: join(damaged.root, 'projects', ref) })),
    );
    await damaged.remove();
  });

  test('passes over lines that are none, and over huge ones', async () => {
    const path = join(copy.root, 'projects', refOf(4));
    const before = toOutline(await read(4));
    await appendFile(
      path,
      `\n\u0000\u0001junk\n[1,2]\nnull\n{"type":7}\n{"x":"${'y'.repeat(9_000_000)}"}\n{"type":"user","uu`,
    );
    expect(toOutline(await read(4))).toEqual(before);
  });

  test('the words beside the largest picture that is kept are there', async () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(5_000_000) } };
    const message = { role: 'user', content: [{ type: 'text', text: 'What is\u2028this?' }, image] };
    const line = { type: 'user', uuid: idOf(9), timestamp: '2026-01-01T00:00:00Z', cwd: '/w', message };
    await writeFile(join(copy.root, 'projects', refOf(7)), `${JSON.stringify(line)}\n`);
    const [started] = eventsOf(await read(7), 'turn.started');
    expect(started?.input.map(({ type }) => type)).toEqual(['text', 'image']);
  });

  test('what nobody said anything in is no conversation', async () => {
    const line = { type: 'mode', mode: 'normal', sessionId: idOf(8) };
    await writeFile(join(copy.root, 'projects', refOf(8)), `${JSON.stringify(line)}\n`);
    expect(await read(8)).toBeUndefined();
  });
});

describe('changes', () => {
  let stop: (() => void) | undefined;
  afterEach(() => stop?.());

  test('tells when a conversation grows or appears', async () => {
    let calls = 0;
    let wake = () => {};
    stop = openStored().watch?.(() => {
      calls += 1;
      wake();
    });
    const change = () => new Promise<void>((resolve) => (wake = resolve));
    await change();
    const before = calls;
    const grown = change();
    await appendFile(join(copy.root, 'projects', refOf(1)), '\n');
    await grown;
    expect(calls).toBeGreaterThan(before);
  });
});

describe('running elsewhere', () => {
  const note = async (fields: object) => {
    await mkdir(join(copy.root, 'sessions'), { recursive: true });
    await writeFile(
      join(copy.root, 'sessions', `${process.pid}.json`),
      JSON.stringify({ pid: process.pid, ...fields }),
    );
  };

  test('only while the process that noted it lives', async () => {
    const stored = openStored();
    expect(await stored.isLive?.(idOf(1))).toBe(false);
    await note({ sessionId: idOf(1) });
    expect(await stored.isLive?.(idOf(1))).toBe(true);
    expect(await stored.isLive?.(idOf(2))).toBe(false);
    await note({ sessionId: idOf(1), pid: 2 ** 22 + 1 });
    expect(await stored.isLive?.(idOf(1))).toBe(false);
  });

  test.runIf(process.platform === 'linux')('a later process with the same number is another', async () => {
    await note({ sessionId: idOf(1), procStart: '1' });
    expect(await openStored().isLive?.(idOf(1))).toBe(false);
  });
});
