import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { AgentReport, ConversationKeeper, StoredSession, ToldConversation } from '@baton/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenChoice, PATH, type Place, toFixtureAgent } from './__fixtures__/open-acp.ts';
import { createAcpBackend } from './index.ts';
import type { AcpBounds } from './settings.ts';

let place: Place;
beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

const STOP = { protocolMs: 500, interruptMs: 200, terminateMs: 200 };
const SECOND = 'kept-conversation-number-2';
const never = new AbortController().signal;

interface Kept {
  keeper: ConversationKeeper;
  list(folders?: readonly string[]): ReturnType<ConversationKeeper['list']>;
  read(more?: Partial<ToldConversation>): Promise<StoredSession | undefined>;
  capabilities(): Promise<readonly string[]>;
  /** What the agent was asked. */
  calls(): Promise<string[]>;
  /** Its processes that are alive. */
  alive(): Promise<number[]>;
}

function keep(how: string, bounds: Partial<AcpBounds> = {}): Kept {
  const log = join(place.home, 'calls');
  const definition = toFixtureAgent(how, { env: { KEPT_IN: place.cwd, KEPT_LOG: log } });
  const env = { PATH, HOME: place.home };
  const backend = createAcpBackend(definition, { env, serverMarker: 'test', bounds: { stop: STOP, ...bounds } });
  const { keeper } = backend;
  if (keeper === undefined) throw new Error('It keeps nothing');
  const lines = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return {
    keeper,
    list: (folders = []) => keeper.list({ folders, signal: never }),
    read: (more = {}) =>
      keeper.read({ nativeId: SECOND, cwd: place.cwd, updatedAt: '2026-02-02T02:02:02.000Z', ...more }, never),
    capabilities: async () => (await backend.probe()).capabilities,
    calls: async () => (await lines()).map((line) => line.split(' ')[1] ?? ''),
    alive: async () => [...new Set((await lines()).map((line) => Number(line.split(' ')[0])))].filter(isAlive),
  };
}

function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the list', () => {
  test('is asked for page by page, and the agent is gone then', async () => {
    const agent = keep('keeps');
    expect(await agent.list()).toEqual({
      conversations: [
        {
          nativeId: 'kept-conversation-number-3',
          cwd: place.cwd,
          title: 'The third',
          updatedAt: '2026-03-03T03:03:03.000Z',
        },
        { nativeId: SECOND, cwd: place.cwd, title: 'The second', updatedAt: '2026-02-02T02:02:02.000Z' },
        { nativeId: 'kept-conversation-number-1', cwd: place.cwd },
      ],
      leftOut: 0,
    });
    expect(await agent.calls()).toEqual(['initialize', 'session/list', 'session/list']);
    expect(await agent.alive()).toEqual([]);
  });

  test('that is of the own folder alone is asked for folder by folder', async () => {
    const agent = keep('list-own-folder');
    const told = await agent.list([place.cwd, join(place.cwd, 'gone')]);
    expect(told.conversations).toHaveLength(3);
    expect(told.folders).toEqual([place.home, place.cwd, join(place.cwd, 'gone')]);
    expect(await agent.calls()).toHaveLength(4);
  });

  test('leaves out what cannot be taken over, and makes titles fit for a list', async () => {
    const before = Date.now();
    const { conversations, leftOut, problem } = await keep('list-odd').list();
    expect(leftOut).toBe(5);
    expect(problem).toBeUndefined();
    expect(conversations.map(({ nativeId }) => nativeId)).toEqual(['odd-title', 'odd-long']);
    const [title, long] = conversations;
    expect(title).toEqual({ nativeId: 'odd-title', cwd: place.cwd, title: '[31mRed right to left' });
    expect(long?.title).toHaveLength(100);
    expect(Date.parse(long?.updatedAt ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(long?.updatedAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ['list-never-ends', 200, /did not end its list within 200 pages/],
    ['list-in-a-circle', 2, /gives the same page of its list again/],
    ['list-thousands', 5000, /keeps more conversations than Baton takes over; these are the first 5000/],
    ['list-breaks-off', 3, /broke off its list: disk error$/],
  ])('%s ends with a word', async (how, count, problem) => {
    const agent = keep(how);
    const told = await agent.list();
    expect(told.conversations).toHaveLength(count);
    expect(told.problem).toMatch(problem);
    expect(await agent.alive()).toEqual([]);
  });

  test.each([
    ['good', {}, 'capability-missing', /does not tell which conversations it keeps/],
    ['list-unknown', {}, 'capability-missing', /does not tell which conversations it keeps/],
    ['list-refused', {}, 'agent-unresponsive', /did not tell which conversations it keeps: the list is locked/],
    ['list-nonsense', {}, 'agent-unresponsive', /with something that is no list/],
    ['list-hangs', { listMs: 100 }, 'agent-unresponsive', /did not answer "session\/list"/],
    ['list-hangs', { briefMs: 1500 }, 'agent-unresponsive', /took more than 2 s to tell which conversations/],
    ['list-dies', {}, 'agent-exited', /ended with code 9: the store is damaged\. Try again/],
    ['list-floods', {}, 'agent-unresponsive', /says more than Baton reads/],
    ['locked', {}, 'capability-missing', /./],
    ['exit', {}, 'agent-exited', /before it spoke.*no key was found/],
    ['chatty', { readyMs: 4000 }, 'agent-unresponsive', /Welcome to the chatty program/],
    ['flood', {}, 'agent-exited', /does not speak the Agent Client Protocol/],
    ['flood-one-line', {}, 'agent-exited', /does not speak the Agent Client Protocol/],
    ['ignores-end', {}, 'capability-missing', /./],
  ] as const)('%s %j fails with its reason', async (...[how, bounds, kind, message]) => {
    const agent = keep(how, bounds);
    await expect(agent.list()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(await agent.alive()).toEqual([]);
  });

  test('is not made for one who gave up', async () => {
    const agent = keep('list-hangs');
    const giving = new AbortController();
    const listing = agent.keeper.list({ folders: [], signal: giving.signal });
    await expect.poll(() => agent.calls()).toContain('session/list');
    giving.abort();
    await expect(listing).rejects.toMatchObject({ kind: 'shutting-down' });
    expect(await agent.alive()).toEqual([]);
  });

  test('is an ability that it has until it says otherwise', async () => {
    const [able, unable] = [keep('keeps'), keep('good')];
    expect(await unable.capabilities()).toContain('list');
    await unable.list().catch(() => undefined);
    expect(await unable.capabilities()).not.toContain('list');
    await able.list();
    expect(await able.capabilities()).toEqual(expect.arrayContaining(['list', 'resume', 'fork']));
  });
});

describe('one of them', () => {
  test('is read as it was, twice the same, and nothing is asked of it', async () => {
    const agent = keep('keeps');
    const read = await agent.read({ title: 'The second' });
    expect(read).toMatchObject({
      nativeId: SECOND,
      cwd: place.cwd,
      title: 'The second',
      updatedAt: '2026-02-02T02:02:02.000Z',
    });
    expect(read?.events.map(({ event }) => event)).toMatchObject([
      {
        type: 'turn.started',
        by: 'user',
        input: [
          { type: 'text', text: 'Look at ' },
          { type: 'text', text: 'the tests' },
        ],
      },
      { type: 'item.started', item: { type: 'reasoning' } },
      { type: 'item.ended', item: { type: 'reasoning', text: 'Which tests?' } },
      { type: 'item.started', item: { type: 'tool-call', title: 'npm test' } },
      { type: 'item.ended', item: { status: 'completed', output: [{ type: 'terminal', text: 'all green' }] } },
      { type: 'item.started', item: { type: 'agent-message' } },
      { type: 'item.ended', item: { type: 'agent-message', text: 'They are all green.' } },
      { type: 'turn.ended', outcome: 'completed' },
      { type: 'turn.started', by: 'user', input: [{ type: 'text', text: 'And the lint?' }] },
      { type: 'plan.updated', entries: [{ title: 'Run the lint', status: 'completed' }] },
      { type: 'item.started' },
      { type: 'item.ended', item: { text: `Clean in ${SECOND}.` } },
      { type: 'turn.ended', outcome: 'completed' },
    ]);
    expect(new Set(read?.events.map(({ at }) => at))).toEqual(new Set(['2026-02-02T02:02:02.000Z']));
    // What is said later changes no id of what was said before.
    const later = await agent.read({ updatedAt: '2026-05-05T05:05:05.000Z' });
    expect(later?.events.map(({ event }) => event)).toEqual(read?.events.map(({ event }) => event));
    expect(await agent.calls()).toEqual(['initialize', 'session/load', 'initialize', 'session/load']);
    expect(await agent.alive()).toEqual([]);
  });

  test('is waited for when it is repeated after it was opened', async () => {
    expect((await keep('load-late').read())?.events).toHaveLength(13);
  });

  test('that holds nothing is none', async () => {
    expect(await keep('load-empty', { replayMs: 50 }).read()).toBeUndefined();
  });

  test('is read though its folder is gone, and though the agent asks for a permission', async () => {
    const agent = keep('load-asks');
    await rm(place.cwd, { recursive: true });
    expect((await agent.read())?.events).toHaveLength(13);
  });

  test.each([
    ['load-refused', {}, 'agent-unresponsive', /does not open "The second": the conversation is damaged\./],
    ['load-missing', {}, 'capability-missing', /cannot show what was said/],
    ['load-hangs', { openMs: 100 }, 'agent-unresponsive', /did not answer "session\/load"/],
    ['exit', {}, 'agent-exited', /no key was found/],
  ] as const)('%s fails with its reason', async (...[how, bounds, kind, message]) => {
    const agent = keep(how, bounds);
    await expect(agent.read({ title: 'The second' })).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message),
    });
    expect(await agent.alive()).toEqual([]);
  });

  test('that is gone is told with its title', async () => {
    await expect(keep('keeps').read({ nativeId: 'gone', title: 'A talk' })).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/does not open "A talk": Resource not found: gone/),
    });
  });
});

describe('an agent that works', () => {
  const open = (how: string, more: Partial<OpenChoice> = {}) => {
    const definition = toFixtureAgent(how, { env: { KEPT_IN: place.cwd, KEPT_LOG: join(place.home, 'calls') } });
    return openAcp({ place, definition, ...more, backend: { bounds: { stop: STOP, settleMs: 30 } } });
  };
  const calls = async () =>
    (await readFile(join(place.home, 'calls'), 'utf8')).split('\n').map((line) => line.split(' ')[1]);
  const isList = (report: AgentReport) => report.type === 'agent.told' && report.conversations !== undefined;

  test('is asked once, when it rests after its first turn', async () => {
    const agent = open('keeps');
    await agent.run('hello');
    expect(await agent.until(isList)).toMatchObject({ conversations: { conversations: { length: 3 } } });
    await agent.run('again');
    await agent.session.stop();
    const asked = (await calls()).filter((method) => method === 'session/list' || method === 'session/prompt');
    expect(asked).toEqual(['session/prompt', 'session/list', 'session/list', 'session/prompt']);
    expect(agent.reports.filter(isList)).toHaveLength(1);
  });

  test.each(['list-refused', 'list-nonsense', 'good'])('%s: is let alone with what it cannot tell', async (how) => {
    const agent = open(how);
    await agent.run('hello');
    if (how !== 'good') await expect.poll(calls).toContain('session/list');
    expect(await agent.run('again')).toMatchObject({ outcome: 'completed' });
    await agent.session.stop();
    expect(agent.reports.filter(isList)).toEqual([]);
    expect(agent.of('notice.raised')).toEqual([]);
  });

  test('is not asked in a session with an environment of its own', async () => {
    const agent = open('keeps', { open: { env: { HOME: place.cwd } } });
    await agent.run('hello');
    await agent.run('again');
    await agent.session.stop();
    expect(await calls()).not.toContain('session/list');
  });
});
