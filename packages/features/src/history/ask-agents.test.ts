import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Backend,
  createEngine,
  type StoredSession,
  type ToldConversation,
  type ToldConversations,
} from '@baton/core';
import {
  AppError,
  createId,
  foundSessionSchema,
  keptListSchema,
  sessionViewSchema,
  type TurnId,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { startHere } from './__fixtures__/start-here.ts';
import { createHistory } from './index.ts';

const ada = { id: 'ada', name: 'Ada' };
const ONE = {
  nativeId: 'a-long-native-id-1',
  cwd: '/w/app',
  title: 'The parser',
  updatedAt: '2026-01-01T08:00:00.000Z',
};
const TWO = {
  nativeId: 'a-long-native-id-2',
  cwd: '/w/site',
  title: 'The site',
  updatedAt: '2026-01-02T08:00:00.000Z',
};

const pageSchema = z.object({ items: z.array(foundSessionSchema) });
const wholeSchema = z.object({ session: foundSessionSchema, events: z.array(z.object({ seq: z.number() })) });

function talk({ nativeId, cwd, title, updatedAt = '2026-01-01T00:00:00.000Z' }: ToldConversation): StoredSession {
  const turnId = `trn_${nativeId}` as TurnId;
  const at = updatedAt;
  return {
    ...{ nativeId, cwd, title, createdAt: at, updatedAt: at },
    events: [
      {
        at,
        event: { type: 'turn.started', turnId, input: [{ type: 'text', text: 'Where is the colander?' }], by: 'user' },
      },
      { at, event: { type: 'turn.ended', turnId, outcome: 'completed', durationMs: 0 } },
    ],
  };
}

/** An agent that keeps conversations by itself, as it is told to. */
function createKeeping(id: string) {
  const asked: string[] = [];
  const folders: (readonly string[])[] = [];
  let told: ToldConversations | Error = { conversations: [], leftOut: 0 };
  let read: (conversation: ToldConversation, signal: AbortSignal) => Promise<StoredSession | undefined> = (each) =>
    Promise.resolve(talk(each));
  const scripted = createScriptedBackend({ view: { capabilities: ['resume', 'fork', 'list'] }, onOpen: () => {} });
  const backend: Backend = {
    ...{ id, title: 'Scripted agent', open: scripted.backend.open },
    probe: async () => ({ ...(await scripted.backend.probe()), id }),
    keeper: {
      list(query) {
        asked.push('list');
        folders.push(query.folders);
        return told instanceof Error ? Promise.reject(told) : Promise.resolve(told);
      },
      read(conversation, signal) {
        asked.push(`read ${conversation.nativeId} ${conversation.title}`);
        return read(conversation, signal);
      },
    },
  };
  return {
    ...{ backend, scripted, asked, folders },
    tell: (conversations: readonly ToldConversation[], more: Partial<ToldConversations> = {}) => {
      told = { conversations, leftOut: 0, ...more };
    },
    fail: (error: Error) => {
      told = error;
    },
    answer: (how: typeof read) => {
      read = how;
    },
  };
}

async function setUp(path = join(mkdtempSync(join(tmpdir(), 'baton-told-')), 'history.db')) {
  const agents = [createKeeping('alpha'), createKeeping('beta')] as const;
  const clock = createManualClock();
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const resolveFolder = (folder: string) => Promise.resolve(folder);
  const listed: Backend[] = agents.map(({ backend }) => backend);
  const backends = () => listed;
  const engine = createEngine({ store: createMemoryStore(), clock, backends, resolveFolder, onFault });
  const startThread = startHere({ path, sources: [], clock });
  const history = createHistory({ engine, backends, clock, startThread, resolveFolder, onFault, delayMs: 10 });
  await history.start?.();
  const stop = async () => {
    await history.stop?.();
    await engine.stop();
  };
  onTestFinished(stop);
  const { handlers } = history;
  const call = {
    params: undefined,
    query: undefined,
    body: undefined,
    actor: ada,
    commandId: () => createId('command'),
  };
  const list = async () =>
    pageSchema
      .parse(await handlers.listFound({ ...call, query: { limit: 50 } }))
      .items.map(({ live: _, ...found }) => found);
  const titles = async () => (await list()).map(({ title }) => title);
  const first = async () => {
    const [found] = await list();
    if (found === undefined) throw new Error('There is none');
    return found.id;
  };
  return {
    ...{ alpha: agents[0], beta: agents[1], listed, engine, clock, faults, stop, path, list, titles, first },
    look: async (id = 'alpha') =>
      keptListSchema.parse(await handlers.lookForConversations({ ...call, params: { id } })),
    show: async (id: Awaited<ReturnType<typeof first>>) =>
      wholeSchema.parse(await handlers.getFound({ ...call, params: { id } })),
    find: (q: string) => handlers.search({ ...call, query: { q, limit: 50 } }),
    resume: async (id: Awaited<ReturnType<typeof first>>, fork = false) =>
      sessionViewSchema.parse(await handlers.resumeFound({ ...call, params: { id }, body: { fork } })),
  };
}

describe('a look', () => {
  test('takes over what the agent tells, newest first and what has no date last', async () => {
    const { alpha, look, list } = await setUp();
    alpha.tell([ONE, TWO, { nativeId: 'a-long-native-id-3', cwd: '/w/old' }], { leftOut: 2 });
    expect(await look()).toEqual({ told: 5, shown: 3, added: 3, gone: 0, leftOut: 2 });
    expect(await list()).toMatchObject([
      { backend: 'alpha', title: 'The site', cwd: '/w/site', turns: 0, updatedAt: TWO.updatedAt },
      { title: 'The parser', nativeId: ONE.nativeId },
      { title: 'old', cwd: '/w/old', undated: true },
    ]);
  });

  test('again tells what is new and what is gone, and forgets only after a whole list', async () => {
    const { alpha, look, titles } = await setUp();
    alpha.tell([ONE, TWO]);
    await look();
    alpha.tell([{ ...ONE, title: 'The new parser', updatedAt: '2026-01-03T08:00:00.000Z' }], {
      problem: 'It broke off',
    });
    expect(await look()).toEqual({ told: 1, shown: 2, added: 0, gone: 0, leftOut: 0, problem: 'It broke off' });
    expect(await titles()).toEqual(['The new parser', 'The site']);
    alpha.tell([ONE], { folders: ['/w/app'] });
    expect(await look()).toMatchObject({ shown: 2, gone: 0 });
    alpha.tell([ONE]);
    expect(await look()).toMatchObject({ told: 1, shown: 1, gone: 1 });
    expect(await titles()).toEqual(['The parser']);
  });

  test('survives a restart, and is not shown for an agent that is not there any more', async () => {
    const before = await setUp();
    before.alpha.tell([ONE, TWO]);
    await before.look();
    await before.stop();
    const after = await setUp(before.path);
    expect(await after.titles()).toEqual(['The site', 'The parser']);
    const id = await after.first();
    after.listed.splice(0, 1);
    expect(await after.titles()).toEqual([]);
    await expect(after.show(id)).rejects.toMatchObject({
      kind: 'backend-not-installed',
      message: expect.stringMatching(/There is no agent "alpha" any more/),
    });
    await expect(after.look()).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/^There is no agent "alpha"\. (?:Those that can be asked: "|None here can)/),
    });
  });

  test('asks for the folders that it told of and those of its sessions', async () => {
    const { alpha, engine, look } = await setUp();
    const command = { type: 'session.create', backend: 'alpha', cwd: '/w/mine', env: {} } as const;
    await engine.execute(command, { commandId: createId('command'), actor: ada });
    alpha.tell([ONE, TWO]);
    await look();
    await look();
    expect(alpha.folders).toEqual([['/w/mine'], ['/w/mine', '/w/site', '/w/app']]);
  });

  test('asks for the folders of others, too, where it may have worked', async () => {
    const { alpha, beta, look } = await setUp();
    alpha.tell([ONE, TWO]);
    await look();
    await look('beta');
    expect(beta.folders).toEqual([['/w/site', '/w/app']]);
  });

  test('by two at once is one, and what fails is told to both', async () => {
    const { alpha, look } = await setUp();
    alpha.fail(new AppError('agent-unresponsive', 'It hangs'));
    const both = await Promise.allSettled([look(), look()]);
    expect(both.map((each) => each.status === 'rejected' && each.reason)).toMatchObject([
      { kind: 'agent-unresponsive', message: 'It hangs' },
      { kind: 'agent-unresponsive' },
    ]);
    expect(alpha.asked).toEqual(['list']);
    await expect(look('worker')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('of an agent that is not asked says so', async () => {
    const { listed, alpha, look } = await setUp();
    const { keeper: _, ...without } = alpha.backend;
    listed[0] = without;
    await expect(look()).rejects.toMatchObject({ kind: 'capability-missing', message: /Scripted agent is not asked/ });
  });

  test('shows what two agents keep in one place once; short ids tell nothing across folders', async () => {
    const { alpha, beta, look, titles } = await setUp();
    alpha.tell([ONE, { nativeId: '1', cwd: '/w/app', title: 'One of alpha' }]);
    beta.tell([
      { ...ONE, title: 'Seen by beta' },
      { nativeId: '1', cwd: '/w/other', title: 'One of beta' },
    ]);
    await look();
    expect(await look('beta')).toMatchObject({ told: 2, shown: 1, added: 1 });
    expect(new Set(await titles())).toEqual(new Set(['The parser', 'One of alpha', 'One of beta']));
  });

  test("leaves out Baton's own, told by the agent of its session too", async () => {
    const { alpha, engine, clock, look, list, titles } = await setUp();
    const command = { type: 'session.create', backend: 'alpha', cwd: '/w/app', env: {} } as const;
    const made = await engine.execute(command, { commandId: createId('command'), actor: ada });
    const { id: sessionId } = sessionViewSchema.parse(made.ok && made.result);
    const input = [{ type: 'text' as const, text: 'Go' }];
    await engine.execute({ type: 'turn.start', sessionId, input }, { commandId: createId('command'), actor: ada });
    const agent = await alpha.scripted.nextAgent();
    await agent.report({ type: 'agent.started', pid: 1, version: '1', nativeId: ONE.nativeId });
    await agent.report({ type: 'agent.told', conversations: { conversations: [ONE, TWO], leftOut: 0 } });
    await vi.waitFor(async () => {
      clock.advance(300);
      expect(await titles()).toEqual(['The site']);
    });
    alpha.tell([ONE, TWO]);
    expect(await look()).toEqual({ told: 2, shown: 1, added: 0, gone: 0, leftOut: 0 });
    clock.advance(1000);
    expect(await list()).toHaveLength(1);
  });
});

describe('one that was told of', () => {
  async function setUpOne() {
    const all = await setUp();
    all.alpha.tell([ONE]);
    await all.look();
    all.alpha.asked.length = 0;
    return { ...all, id: await all.first() };
  }

  test('is read by its agent, once, and is found by its words from then on', async () => {
    const { alpha, show, find, list, look, id } = await setUpOne();
    expect(await find('colander')).toEqual({ items: [] });
    const [whole] = await Promise.all([show(id), show(id)]);
    expect(whole.events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(whole.session).toMatchObject({ id, title: 'The parser', turns: 1 });
    await show(id);
    expect(alpha.asked).toEqual([`read ${ONE.nativeId} The parser`]);
    expect(await find('colander')).toMatchObject({ items: [{ foundId: id, title: 'The parser' }] });
    // A later list takes nothing of that away; one that changed is read anew.
    alpha.tell([{ ...ONE, updatedAt: '2026-01-05T08:00:00.000Z' }]);
    await look();
    expect(await list()).toMatchObject([{ turns: 1, updatedAt: '2026-01-05T08:00:00.000Z' }]);
    expect(await find('colander')).toMatchObject({ items: [{ foundId: id }] });
    await show(id);
    expect(alpha.asked.slice(-2)).toEqual(['list', `read ${ONE.nativeId} The parser`]);
  });

  test('is no newer for having been read', async () => {
    const { alpha, clock, show, list, look, id } = await setUpOne();
    alpha.answer(async (each) => {
      clock.advance(3000);
      return talk(each);
    });
    await show(id);
    alpha.tell([{ ...ONE, updatedAt: new Date(clock.now() + 500).toISOString() }]);
    await look();
    expect(await list()).toMatchObject([{ updatedAt: ONE.updatedAt }]);
    await show(id);
    expect(alpha.asked).toHaveLength(2);
    const later = new Date(clock.now() + 60_000).toISOString();
    alpha.tell([{ ...ONE, updatedAt: later }]);
    await look();
    expect(await list()).toMatchObject([{ updatedAt: later }]);
  });

  test('is gone on with and forked as any other', async () => {
    const { alpha, engine, resume, titles, id } = await setUpOne();
    const fork = await resume(id, true);
    expect(fork).toMatchObject({ backend: 'alpha', title: 'The parser (fork)' });
    expect(await titles()).toEqual(['The parser']);
    const own = await resume(id);
    expect(own).toMatchObject({ backend: 'alpha', cwd: '/w/app', nativeId: ONE.nativeId, title: 'The parser' });
    expect((await engine.readEvents(own.id, { after: 0, limit: 9 })).events).toHaveLength(3);
    expect(alpha.asked).toHaveLength(1);
    await vi.waitFor(async () => expect((await resume(id)).id).toBe(own.id));
    expect(await titles()).toEqual([]);
  });

  test('that its agent cannot show is gone on with, without its past', async () => {
    const { alpha, engine, show, resume, id } = await setUpOne();
    alpha.answer(() => Promise.reject(new AppError('capability-missing', 'It cannot show them')));
    await expect(show(id)).rejects.toMatchObject({ kind: 'capability-missing' });
    const own = await resume(id);
    expect((await engine.readEvents(own.id, { after: 0, limit: 9 })).events).toMatchObject([
      { event: { type: 'session.created', nativeId: ONE.nativeId } },
    ]);
  });

  test('that is damaged or empty says so, and stays', async () => {
    const { alpha, show, resume, titles, id } = await setUpOne();
    alpha.answer(() => Promise.reject(new AppError('not-found', 'It is damaged')));
    await expect(show(id)).rejects.toMatchObject({ message: 'It is damaged' });
    await expect(resume(id)).rejects.toMatchObject({ message: 'It is damaged' });
    alpha.answer(() => Promise.resolve(undefined));
    expect(await show(id)).toMatchObject({ session: { turns: 0, title: 'The parser' }, events: [] });
    expect(await titles()).toEqual(['The parser']);
  });

  test('is not waited for by a server that stops', async () => {
    const { alpha, show, stop, id } = await setUpOne();
    const reading = Promise.withResolvers<void>();
    alpha.answer((_, signal) => {
      reading.resolve();
      return new Promise((__, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('shutting-down', 'The server stops')));
      });
    });
    const shown = show(id);
    await reading.promise;
    await Promise.all([expect(shown).rejects.toMatchObject({ kind: 'shutting-down' }), stop()]);
  });
});
