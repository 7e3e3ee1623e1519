import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type StoredSession, type StoredSessionRef, type StoredSessions } from '@baton/core';
import {
  AppError,
  type Command,
  createId,
  type FoundId,
  type SessionEvent,
  sessionViewSchema,
  toPlainText,
  type TurnId,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend } from '@baton/testkit';
import { describe, expect, test, vi } from 'vitest';
import { startHere } from './__fixtures__/start-here.ts';
import { createHistory } from './index.ts';

const ada = { id: 'ada', name: 'Ada' };

interface Kept extends StoredSession {
  version: string;
}

/** An agent's own store, as it might be on a disk. */
function createShelf() {
  const kept = new Map<string, Kept | Error>();
  const locked: { why?: Error } = {};
  const live = new Set<string>();
  const reads: string[] = [];
  let tell: (() => void) | undefined;
  const stored: StoredSessions = {
    async *list(): AsyncGenerator<StoredSessionRef> {
      if (locked.why !== undefined) throw locked.why;
      for (const [ref, session] of kept) {
        const version = session instanceof Error ? 'broken' : session.version;
        yield { ref, version, changedAt: session instanceof Error ? 0 : Date.parse(session.updatedAt) };
      }
    },
    async read(ref) {
      reads.push(ref);
      const session = kept.get(ref);
      if (session instanceof Error) throw session;
      return session;
    },
    watch(onChange) {
      tell = onChange;
      return () => {
        tell = undefined;
      };
    },
    isLive: (nativeId) => Promise.resolve(live.has(nativeId)),
  };
  return { kept, live, locked, reads, stored, tell: () => tell?.(), isWatched: () => tell !== undefined };
}

function talk(nativeId: string, said: readonly [string, string][], day = 1): Kept {
  const at = (index: number) => new Date(Date.UTC(2026, 0, day, 8, index)).toISOString();
  const events = said.flatMap(([prompt, answer], index) => {
    const turnId = `trn_${nativeId}_${index}` as TurnId;
    const itemId = createId('item');
    const item = { type: 'agent-message' as const, text: answer };
    const past: SessionEvent[] = [
      { type: 'turn.started', turnId, input: [{ type: 'text', text: prompt }], by: 'user' },
      { type: 'item.started', turnId, itemId, item: { ...item, text: '' } },
      { type: 'item.ended', itemId, item },
      { type: 'turn.ended', turnId, outcome: 'completed', durationMs: 1 },
    ];
    return past.map((event) => ({ at: at(index), event }));
  });
  return { nativeId, cwd: '/w/app', createdAt: at(0), updatedAt: at(said.length), events, version: `${said.length}` };
}

async function setUp(
  fill: (shelf: ReturnType<typeof createShelf>) => void = () => {},
  path?: string,
  storedBy = 'scripted',
) {
  const shelf = createShelf();
  fill(shelf);
  const clock = createManualClock();
  const scripted = createScriptedBackend({ view: { capabilities: ['resume', 'fork'] } });
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const resolveFolder = (folder: string) => Promise.resolve(folder);
  const engine = createEngine({
    store: createMemoryStore(),
    clock,
    backends: () => [scripted.backend],
    resolveFolder,
    onFault,
  });
  const file = path ?? join(mkdtempSync(join(tmpdir(), 'baton-history-')), 'history.db');
  const sources = [{ backend: storedBy, stored: shelf.stored }];
  const startThread = startHere({ path: file, sources, clock });
  const history = createHistory({
    engine,
    backends: () => [scripted.backend],
    clock,
    startThread,
    resolveFolder,
    onFault,
    delayMs: 10,
  });
  await history.start?.();
  clock.advance(10);
  const { handlers } = history;
  const call = {
    params: undefined,
    query: undefined,
    body: undefined,
    actor: ada,
    commandId: () => createId('command'),
  };
  const list = (query: { q?: string; cursor?: string; limit?: number } = {}) =>
    handlers.listFound({ ...call, query: { limit: 50, ...query } }) as Promise<{
      items: { id: FoundId; title: string; live: boolean; turns: number }[];
      cursor?: string;
    }>;
  const find = (q: string, more: { limit?: number; cursor?: string } = {}) =>
    handlers.search({ ...call, query: { q, limit: 50, ...more } }) as Promise<{
      items: {
        text: string;
        marks: { start: number; end: number }[];
        title: string;
        sessionId?: string;
        foundId?: string;
      }[];
      cursor?: string;
    }>;
  const status = () => handlers.getHistoryStatus(call);
  const ready = () =>
    vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', waiting: 0 }), 60_000);
  const resume = (id: FoundId, body: { fork?: boolean } = {}) =>
    handlers
      .resumeFound({ ...call, params: { id }, body: { fork: false, ...body } })
      .then((view) => sessionViewSchema.parse(view));
  const run = (command: Command) => engine.execute(command, { commandId: createId('command'), actor: ada });
  await ready();
  return {
    shelf,
    clock,
    scripted,
    engine,
    history,
    handlers,
    call,
    list,
    find,
    status,
    ready,
    resume,
    run,
    faults,
    file,
  };
}

describe('stored conversations', () => {
  test('are listed newest first, page by page, and looked up by title and folder', async () => {
    const { list } = await setUp(({ kept }) => {
      for (let day = 1; day <= 5; day += 1) kept.set(`${day}`, talk(`n${day}`, [[`prompt of day ${day}`, 'yes']], day));
    });
    const titles: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(titles).toEqual([5, 4, 3, 2, 1].map((day) => `prompt of day ${day}`));
    expect((await list({ q: 'DAY 3' })).items).toHaveLength(1);
    expect((await list({ q: '/w/APP' })).items).toHaveLength(5);
  });

  test('that cannot be looked at are told of, with the reason, until they can; what was read stays', async () => {
    const { shelf, clock, status, ready, list, faults } = await setUp(({ kept }) =>
      kept.set('1', talk('n1', [['hello', 'yes']])),
    );
    const reason = 'Its conversations cannot be read: it is locked. Close the other program.';
    shelf.locked.why = new AppError('invalid-input', reason);
    shelf.tell();
    clock.advance(2000);
    const notRead = [{ backend: 'scripted', reason }];
    await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'ready', found: 1, notRead }), 60_000);
    expect((await list()).items).toHaveLength(1);
    clock.advance(60_000);
    await ready();
    expect(await status()).toMatchObject({ notRead });
    // The same again is not worth another line in the log.
    expect(faults).toHaveLength(1);
    delete shelf.locked.why;
    clock.advance(60_000);
    await vi.waitFor(async () => expect(await status()).not.toHaveProperty('notRead'), 60_000);
  });

  test('are gone on with by one session, however many ask at once; each fork is its own', async () => {
    const { list, resume } = await setUp(({ kept }) => kept.set('a', talk('n1', [['hello', 'yes']])));
    const [found] = (await list()).items;
    if (found === undefined) throw new Error('nothing was found');
    const views = await Promise.all([1, 2, 3].map(() => resume(found.id)));
    expect(new Set(views.map(({ id }) => id)).size).toBe(1);
    const forks = await Promise.all([1, 2].map(() => resume(found.id, { fork: true })));
    expect(new Set([...views, ...forks].map(({ id }) => id)).size).toBe(3);
  });

  test('are read once, and again only when they change; what is gone is forgotten', async () => {
    const { shelf, clock, list, find, ready, status } = await setUp(({ kept }) => {
      kept.set('a', talk('na', [['apples', 'red']]));
      kept.set('b', talk('nb', [['bananas', 'yellow']]));
      kept.set('c', new AppError('invalid-input', 'no conversation'));
    });
    expect(shelf.reads.sort()).toEqual(['a', 'b', 'c']);
    expect(await status()).toMatchObject({ found: 2, unreadable: 1 });
    shelf.kept.set(
      'a',
      talk('na', [
        ['apples', 'red'],
        ['and pears', 'green'],
      ]),
    );
    shelf.kept.delete('b');
    shelf.tell();
    clock.advance(2000);
    await vi.waitFor(async () => expect((await find('pears')).items).toHaveLength(1), 60_000);
    await ready();
    expect(shelf.reads).toEqual(['a', 'b', 'c', 'a']);
    expect((await list()).items.map(({ title, turns }) => [title, turns])).toEqual([['apples', 2]]);
    expect((await find('bananas')).items).toEqual([]);
    expect((await find('apples')).items).toHaveLength(1);
  });

  test('keep their place in the index over a restart, and a damaged index is made anew', async () => {
    const fill = ({ kept }: ReturnType<typeof createShelf>) => void kept.set('a', talk('na', [['apples', 'red']]));
    const first = await setUp(fill);
    await first.history.stop?.();
    expect(first.shelf.isWatched()).toBe(false);
    const second = await setUp(fill, first.file);
    expect(second.shelf.reads).toEqual([]);
    expect((await second.find('apples')).items).toHaveLength(1);
    await second.history.stop?.();
    writeFileSync(first.file, 'this is no database, and it is long enough to be noticed '.repeat(100));
    const third = await setUp(fill, first.file);
    expect((await third.find('apples')).items).toHaveLength(1);
  });

  test('go on in Baton under their own id, once', async () => {
    const { list, resume, scripted, run, find, engine } = await setUp(({ kept }) =>
      kept.set('a', talk('na', [['remember apples', 'I do']])),
    );
    const [found] = (await list()).items;
    if (found === undefined) throw new Error('nothing was found');
    const view = await resume(found.id);
    expect(view).toMatchObject({
      title: 'remember apples',
      nativeId: 'na',
      state: 'stopped',
      usage: { inputTokens: 0 },
    });
    const { events } = await engine.readEvents(view.id, { after: 0, limit: 10 });
    expect(events[1]).toMatchObject({ at: '2026-01-01T08:00:00.000Z', event: { type: 'turn.started' } });
    expect(await resume(found.id)).toMatchObject({ id: view.id });
    expect((await list()).items).toEqual([]);
    await run({ type: 'turn.start', sessionId: view.id, input: [{ type: 'text', text: 'go on' }] });
    const agent = await scripted.nextAgent();
    expect(agent.options).toMatchObject({ nativeId: 'na', branch: undefined, cwd: '/w/app' });
    const hits = (await find('apples')).items;
    expect(hits).toEqual([expect.objectContaining({ sessionId: view.id, title: 'remember apples' })]);
  });

  test('tell the session that goes on with them what was said elsewhere meanwhile, once and in its place', async () => {
    const { list, resume, shelf, clock, scripted, run, engine, find, ready, faults } = await setUp(({ kept }) =>
      kept.set('a', talk('na', [['one', 'first']])),
    );
    const [found] = (await list()).items;
    if (found === undefined) throw new Error('nothing was found');
    const { id: sessionId } = await resume(found.id);
    await vi.waitFor(async () => {
      clock.advance(300);
      expect((await list()).items).toEqual([]);
    }, 60_000);
    const prompts = async () => {
      const { events } = await engine.readEvents(sessionId, { after: 0, limit: 100 });
      return events.flatMap(({ event }) => (event.type === 'turn.started' ? toPlainText(event.input) : []));
    };
    async function change(...said: [string, string][]): Promise<void> {
      shelf.kept.set('a', talk('na', [['one', 'first'], ...said]));
      shelf.tell();
      clock.advance(2000);
      await ready();
    }
    await change(['two', 'in the terminal']);
    await vi.waitFor(async () => expect(await prompts()).toEqual(['one', 'two']), 60_000);
    await change(['two', 'in the terminal'], ['three', 'there too']);
    await vi.waitFor(async () => expect(await prompts()).toEqual(['one', 'two', 'three']), 60_000);
    await vi.waitFor(async () => {
      clock.advance(300);
      expect((await find('terminal')).items).toMatchObject([{ sessionId }]);
    }, 60_000);
    // While its own agent runs, what is stored is its own.
    await run({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'four' }] });
    const agent = await scripted.nextAgent();
    const offer = { models: [], modes: [], commands: [], tools: [], mcpServers: [] };
    const { turnId } = await agent.nextPrompt();
    await agent.report({ type: 'agent.ready', nativeId: 'na', ...offer });
    const stored: [string, string][] = [
      ['two', 'in the terminal'],
      ['three', 'there too'],
      ['four', 'here'],
    ];
    await change(...stored);
    await agent.report({ type: 'turn.ended', turnId, outcome: 'completed' });
    await run({ type: 'session.stop', sessionId });
    await change(...stored, ['five', 'before it ended, by the clock']);
    expect(await prompts()).toEqual(['one', 'two', 'three', 'four']);
    // An agent that waits does not know of it: it is ended, and begins again with all that was said.
    await run({ type: 'session.start', sessionId });
    await vi.waitFor(async () => {
      await scripted.agents.at(-1)?.report({ type: 'agent.ready', nativeId: 'na', ...offer });
      expect(await engine.readShortView(sessionId)).toMatchObject({ state: 'idle', nativeId: 'na' });
    }, 60_000);
    clock.advance(60_000);
    const said = talk('na', [['one', 'first'], ...stored, ['five', 'while it waited']], 1).events;
    const later = new Date(clock.now()).toISOString();
    const events = said.map((each, index) => (index < said.length - 4 ? each : { ...each, at: later }));
    shelf.kept.set('a', { ...talk('na', []), version: 'later', events });
    shelf.tell();
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await prompts()).toEqual(['one', 'two', 'three', 'four', 'five']);
    }, 60_000);
    expect(await engine.readShortView(sessionId)).toMatchObject({ state: 'stopped', stopReason: 'elsewhere' });
    expect(faults).toEqual([]);
  });

  test('that an own session began are not among them, whatever backend it has and wherever it was taken back to', async () => {
    const fill = ({ kept }: ReturnType<typeof createShelf>) => {
      for (const id of ['first', 'second', 'elsewhere']) kept.set(id, talk(id, [['apples', `of ${id}`]]));
    };
    const { run, scripted, list, find, clock } = await setUp(fill, undefined, 'another driver of the same agent');
    expect((await list()).items).toHaveLength(3);
    const sessionId = createId('session');
    await run({
      type: 'session.create',
      sessionId,
      backend: 'scripted',
      cwd: '/w',
      prompt: [{ type: 'text', text: 'go' }],
    });
    const agent = await scripted.nextAgent();
    for (const nativeId of ['first', 'second'])
      await agent.report({
        type: 'agent.ready',
        nativeId,
        models: [],
        modes: [],
        commands: [],
        tools: [],
        mcpServers: [],
      });
    await vi.waitFor(async () => {
      clock.advance(300);
      expect((await list()).items).toHaveLength(1);
    }, 60_000);
    expect((await find('apples')).items).toHaveLength(1);
    expect((await find('elsewhere')).items).toHaveLength(1);
    expect((await find('first')).items).toEqual([]);
  });

  test('that run in a terminal are shown so: they can be forked and not gone on with', async () => {
    const { list, resume, shelf, scripted, run } = await setUp(({ kept }) =>
      kept.set('a', talk('na', [['remember apples', 'I do']])),
    );
    shelf.live.add('na');
    const [found] = (await list()).items;
    expect(found).toMatchObject({ live: true });
    if (found === undefined) throw new Error('nothing was found');
    await expect(resume(found.id)).rejects.toMatchObject({ kind: 'conflict' });
    const view = await resume(found.id, { fork: true });
    await run({ type: 'turn.start', sessionId: view.id, input: [{ type: 'text', text: 'go on' }] });
    const agent = await scripted.nextAgent();
    expect(agent.options).toMatchObject({ nativeId: undefined, branch: { kind: 'fork', nativeId: 'na' } });
    expect((await list()).items).toHaveLength(1);
  });
});

describe('search', () => {
  test("finds words in Baton's own sessions, with where they stand, and forgets deleted ones", async () => {
    const { run, scripted, find, clock, engine } = await setUp();
    const sessionId = createId('session');
    await run({
      type: 'session.create',
      sessionId,
      backend: 'scripted',
      cwd: '/w',
      prompt: [{ type: 'text', text: 'Where are the Ärger apples?' }],
    });
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.say(turnId, 'They are in the cellar, beside the apples of last year.');
    const { items } = await vi.waitFor(async () => {
      // What was said last may be recorded after the clock moved on.
      clock.advance(300);
      const page = await find('apples');
      expect(page.items).toHaveLength(2);
      return page;
    }, 60_000);
    expect(items.map(({ sessionId: id }) => id)).toEqual([sessionId, sessionId]);
    expect((await find('arger')).items).toHaveLength(1);
    expect((await find('"last year"')).items).toHaveLength(1);
    expect((await find('"year last"')).items).toEqual([]);
    expect((await find('cell')).items).toHaveLength(1);
    await engine.deleteSession(sessionId, ada);
    await vi.waitFor(async () => expect((await find('apples')).items).toEqual([]), 60_000);
  });

  test('pages newest first without a hit twice', async () => {
    const { find } = await setUp(({ kept }) => {
      for (let day = 1; day <= 9; day += 1) kept.set(`${day}`, talk(`n${day}`, [['needle', `hay ${day}`]], day));
    });
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await find('needle', { limit: 4, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ foundId }) => foundId ?? ''));
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(new Set(seen).size).toBe(9);
    expect(seen).toHaveLength(9);
  });

  test.each(['nonsense', '', '-1', '1.2.3', '1e3', '12345678901234567', '9999999999999999'])(
    'refuses the cursor "%s", which no page gave, and so does the list',
    async (cursor) => {
      const { find, list } = await setUp(({ kept }) => kept.set('1', talk('n1', [['needle', 'hay']])));
      const refusal = { kind: 'invalid-input', details: { issues: [{ path: 'cursor' }] } };
      await expect(find('needle', { cursor })).rejects.toMatchObject(refusal);
      await expect(find('"', { cursor })).rejects.toMatchObject(refusal);
      await expect(list({ cursor })).rejects.toMatchObject(refusal);
    },
  );

  const SAID = [
    'call foo_bar() of src/app/main.ts, please',
    '検索エンジンは速い。サーバーも速い。',
    '我们需要修复搜索功能, then deploy v2',
    'a "quoted phrase" stands here, it\'s AND-ed',
    'Straße, naïve Ångström',
  ] as const;
  test.each([
    ['foo_bar', [0]],
    ['foo', [0]],
    ['bar()', [0]],
    ['src/app/main.ts', [0]],
    ['app/main', [0]],
    ['エンジン', [1]],
    ['速い', [1]],
    ['サーバ', [1]],
    ['搜索', [2]],
    ['功能 deploy', [2]],
    ['修搜', []],
    ['搜', [2]],
    ['"quoted phrase"', [3]],
    ['"phrase quoted"', []],
    ["it's", [3]],
    ['quoted AND phrase', [3]],
    ['text:quoted', []],
    ['NEAR(quoted phrase)', []],
    ['quoted OR nothing', []],
    ['quo*', [3]],
    ['^a "quoted', [3]],
    ['angstrom', [4]],
    ['NAÏVE', [4]],
    ["'; DROP TABLE texts; --", []],
    ['"', []],
    ['()*^:-', []],
    ['v', [2]],
    ['\0quoted\0', [3]],
    ['\u001f', []],
    ['😀', []],
    ['x'.repeat(200), []],
    ['a b c d e f g '.repeat(14), []],
  ])('finds what a person means by %j', async (typed, places) => {
    const { find } = await setUp(({ kept }) => {
      SAID.forEach((words, index) => kept.set(`${index}`, talk(`n${index}`, [[words, 'yes']], 5 - index)));
    });
    const { items } = await find(typed);
    expect(items.map(({ text }) => text)).toEqual(places.map((place) => SAID[place]));
    for (const { text, marks } of items) {
      for (const { start, end } of marks) expect(text.slice(start, end).trim()).not.toBe('');
    }
  });

  test('shows what is around a hit in a text with characters that are none', async () => {
    const { find } = await setUp(({ kept }) => {
      kept.set('a', talk('na', [['from \0here \uE000a\ud83d needle\uE001 to\0there', 'yes']], 1));
    });
    const { items } = await find('needle');
    expect(items.map(({ text }) => text)).toEqual(['from  here  a\ufffd needle  to there']);
    expect(items.flatMap(({ text, marks }) => marks.map(({ start, end }) => text.slice(start, end)))).toEqual([
      'needle',
    ]);
  });

  test('shows the words around each hit, and marks them', async () => {
    const { find } = await setUp(({ kept }) => {
      kept.set('a', talk('na', [['where is the needle', 'the Needle is in the hay']], 1));
      kept.set('b', talk('nb', [['a needle of a pine', 'needles are leaves']], 2));
    });
    const { items } = await find('needl');
    expect(items.map(({ text }) => text)).toEqual([
      'needles are leaves',
      'a needle of a pine',
      'the Needle is in the hay',
      'where is the needle',
    ]);
    const marked = items.map(({ text, marks }) => marks.map(({ start, end }) => text.slice(start, end)));
    expect(marked).toEqual([['needles'], ['needle'], ['Needle'], ['needle']]);
  });
});
