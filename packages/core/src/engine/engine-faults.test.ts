import {
  AppError,
  type Command,
  createId,
  type RecordedEvent,
  type SessionEventType,
  type SessionId,
  type SessionView,
  type TopicFrame,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import {
  createFaultyStore,
  createFrameCollector,
  createManualClock,
  createScriptedBackend,
  type ScriptedBackendOptions,
} from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../ports/event-store.ts';
import { createEngine } from './create-engine.ts';
import type { SessionFrame } from './engine.ts';

const ada = { id: 'ada', name: 'Ada' };

function setUp(options: ScriptedBackendOptions & { inner?: EventStore } = {}) {
  const faulty = createFaultyStore(options.inner ?? createMemoryStore());
  const clock = createManualClock();
  const scripted = createScriptedBackend(options);
  const engine = createEngine({
    store: faulty.store,
    clock,
    backends: () => [scripted.backend],
    resolveFolder: (path) => Promise.resolve(path),
  });
  const run = (command: Command) => engine.execute(command, { commandId: createId('command'), actor: ada });
  async function create(text?: string): Promise<SessionId> {
    const prompt = text === undefined ? {} : { prompt: [{ type: 'text' as const, text }] };
    const receipt = await run({ type: 'session.create', backend: 'scripted', cwd: '/w', ...prompt });
    if (!receipt.ok) throw new Error(receipt.error.detail);
    return (receipt.result as SessionView).id;
  }
  function follow(sessionId: SessionId) {
    const sink = createFrameCollector<SessionFrame>();
    const subscription = engine.subscribe({ sessionId, after: 0, sink });
    return {
      ...subscription,
      sink,
      until: (type: SessionEventType, count = 1) => sink.until(isNth(sink, type, count)),
    };
  }
  const log = async (id: SessionId): Promise<RecordedEvent[]> =>
    (await engine.readEvents(id, { after: 0, limit: 500 })).events;
  return { ...faulty, clock, scripted, engine, run, create, follow, log };
}

// The frame that is the n-th event of its type.
function isNth(sink: { frames: readonly SessionFrame[] }, type: SessionEventType, count: number) {
  const fits = (frame: SessionFrame) => frame.type === 'event' && frame.event.type === type;
  return (frame: SessionFrame) => fits(frame) && sink.frames.filter(fits).indexOf(frame) === count - 1;
}

const prompt = (sessionId: SessionId, text: string): Command => ({
  type: 'turn.start',
  sessionId,
  input: [{ type: 'text', text }],
});
/** Everything that needs no outside event has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const typesOf = (events: readonly RecordedEvent[]) => events.map(({ event }) => event.type);

describe('a full disk', () => {
  const full = new AppError('disk-full', 'no room');

  test('keeps nobody from ending an agent, and a stop holds what waits', async () => {
    const { scripted, create, run, fail, clock, log } = setUp();
    const id = await create('go');
    const agent = await scripted.nextAgent();
    agent.start();
    await agent.nextPrompt();
    await run(prompt(id, 'next'));
    const free = fail('append', full);
    const receipt = await run({ type: 'session.stop', sessionId: id });
    expect(receipt).toMatchObject({
      ok: false,
      error: { kind: 'disk-full', detail: expect.stringContaining('ended') },
    });
    await settled();
    expect(agent.stopped).toBe(true);
    free();
    for (let round = 0; round < 5; round += 1) {
      clock.advance(1000);
      await settled();
    }
    const events = await log(id);
    expect(events.filter(({ event }) => event.type === 'turn.ended')).toMatchObject([
      { event: { outcome: 'failed', error: { kind: 'disk-full' } } },
    ]);
    expect(scripted.agents).toHaveLength(1);
    expect(events.filter(({ event }) => event.type === 'turn.started')).toHaveLength(1);
  });

  test('keeps nobody from interrupting a turn, and what waits goes on', async () => {
    const { scripted, create, run, fail, clock } = setUp();
    const id = await create('go');
    const agent = await scripted.nextAgent();
    agent.start();
    await agent.nextPrompt();
    await run(prompt(id, 'next'));
    const free = fail('append', full);
    expect(await run({ type: 'turn.interrupt', sessionId: id })).toMatchObject({ ok: false });
    await settled();
    expect(agent.stopped).toBe(true);
    free();
    for (let round = 0; round < 5; round += 1) {
      clock.advance(1000);
      await settled();
    }
    const next = await scripted.nextAgent();
    expect(await next.nextPrompt()).toMatchObject({ input: [{ text: 'next' }] });
  });
});

describe('deleting a session', () => {
  test('that runs stops its agent, ends its subscriptions and leaves nothing behind', async () => {
    const { scripted, create, follow, engine, store, clock } = setUp();
    const id = await create('go');
    const { sink } = follow(id);
    const topic = createFrameCollector<TopicFrame>();
    engine.watch({ topic: 'sessions', sink: topic });
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.ask(turnId);
    await sink.until((frame) => frame.type === 'event' && frame.event.type === 'approval.requested');

    expect(await engine.deleteSession(id, ada)).toEqual({ ok: true, result: null });

    expect(agent.stopped).toBe(true);
    expect(sink.frames.at(-1)).toMatchObject({ type: 'error', sessionId: id, error: { kind: 'not-found' } });
    agent.say(turnId, 'a ghost');
    clock.advance(60_000);
    await settled();
    expect(sink.frames.at(-1)).toMatchObject({ type: 'error' });
    expect(topic.frames.at(-1)).toMatchObject({ data: { kind: 'deleted', sessionId: id } });
    expect(engine.stats()).toMatchObject({ liveAgents: 0, runningTurns: 0, subscriptions: 0 });
    expect(await store.readLastSeq(id)).toBe(0);
    expect(await store.readView(id)).toBeUndefined();
    expect(await store.readDrafts(id)).toEqual([]);
    expect((await store.listApprovals({ limit: 10 })).items).toEqual([]);
    expect(await store.listUnsettled()).toEqual([]);
  });

  test('starts no agent for a prompt that comes meanwhile', async () => {
    const { scripted, create, follow, run, engine, hold } = setUp();
    const id = await create();
    const { until } = follow(id);
    const agent = await scripted.nextAgent();
    agent.crash();
    await until('agent.exited');
    const release = hold('deleteSession');
    const deletion = engine.deleteSession(id, ada);
    await settled();
    const late = run(prompt(id, 'too late'));
    await settled();
    release();
    expect(await late).toMatchObject({ ok: false, error: { kind: 'not-found' } });
    expect(await deletion).toMatchObject({ ok: true });
    expect(scripted.agents).toHaveLength(1);
    expect(engine.stats().liveAgents).toBe(0);
  });

  test('that the store refuses leaves a session that can go on', async () => {
    const { scripted, create, follow, run, engine, fail } = setUp();
    const id = await create('one');
    const { until } = follow(id);
    await (await scripted.nextAgent()).nextPrompt();
    const mend = fail('deleteSession', new AppError('store-unavailable', 'the disk is busy'));
    expect(await engine.deleteSession(id, ada)).toMatchObject({ error: { kind: 'store-unavailable' } });
    mend();
    await until('agent.exited');
    expect(await run(prompt(id, 'two'))).toMatchObject({ ok: true, result: { state: 'started' } });
    const next = await scripted.nextAgent();
    const { turnId } = await next.nextPrompt();
    next.end(turnId);
    await until('turn.ended', 2);
    expect(await engine.readView(id)).toMatchObject({ state: 'idle' });
  });
});

describe('an agent that is stopped and wanted again', () => {
  test('is started once, and what the old one said last does not end the new one', async () => {
    const { promise: ending, resolve } = Promise.withResolvers<void>();
    const stops = [() => ending];
    const stop = () => stops.shift()?.() ?? Promise.resolve();
    const { scripted, create, follow, run, hold, engine } = setUp({ session: { stop } });
    const id = await create();
    const { until } = follow(id);
    const agent = await scripted.nextAgent();
    await until('agent.ready');
    await run({ type: 'session.stop', sessionId: id });
    await run(prompt(id, 'again'));
    // The log is slow: the exit is known to the agent and to who stopped it before it is written.
    const release = hold('append');
    void agent.report({ type: 'agent.exited', code: 0, signal: null, expected: true });
    resolve();
    await settled();
    release();
    const next = await scripted.nextAgent();
    const { turnId } = await next.nextPrompt();
    await settled();
    next.end(turnId);
    expect(await until('turn.ended')).toMatchObject({ event: { outcome: 'completed' } });
    expect(await engine.readView(id)).toMatchObject({ state: 'idle' });
    expect(scripted.agents).toHaveLength(2);
  });

  test('is restarted by an interrupt only if its turn still runs', async () => {
    const { promise: late, reject } = Promise.withResolvers<void>();
    const { scripted, create, follow, run } = setUp({ session: { interrupt: () => late } });
    const id = await create('one');
    const { until } = follow(id);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    await run(prompt(id, 'two'));
    await run({ type: 'turn.interrupt', sessionId: id });
    agent.end(turnId);
    reject(new AppError('turn-not-running', 'nothing to interrupt'));
    const second = await agent.nextPrompt();
    await settled();
    agent.end(second.turnId);
    await until('turn.ended', 2);
    expect(agent.stopped).toBe(false);
    expect(scripted.agents).toHaveLength(1);
  });

  test('is not started by a server that stops', async () => {
    const { promise: ending, resolve } = Promise.withResolvers<void>();
    const { scripted, create, run, engine, log } = setUp({ session: { stop: () => ending } });
    const id = await create();
    await scripted.nextAgent();
    await settled();
    await run({ type: 'session.stop', sessionId: id });
    await run({ type: 'session.start', sessionId: id });
    const stopped = engine.stop();
    resolve();
    await stopped;
    await settled();
    expect(scripted.agents).toHaveLength(1);
    expect(typesOf(await log(id)).at(-1)).toBe('agent.exited');
  });
});

describe('a server that died while an agent was stopping', () => {
  async function die(...commands: ((id: SessionId) => Command)[]) {
    const inner = createMemoryStore();
    const first = setUp({ inner, session: { stop: () => new Promise(() => {}) } });
    const id = await first.create();
    await first.follow(id).until('agent.ready');
    for (const command of [(sessionId: SessionId): Command => ({ type: 'session.stop', sessionId }), ...commands]) {
      await first.run(command(id));
    }
    const second = setUp({ inner });
    await second.engine.recover();
    return { id, ...second };
  }

  test('takes the next prompt like any other', async () => {
    const { id, run, scripted } = await die();
    expect(scripted.agents).toHaveLength(0);
    expect(await run(prompt(id, 'again'))).toMatchObject({ ok: true, result: { state: 'started' } });
    expect(await (await scripted.nextAgent()).nextPrompt()).toMatchObject({ input: [{ text: 'again' }] });
  });

  test('goes on with a prompt that came after the stop', async () => {
    const { scripted } = await die((id) => prompt(id, 'again'));
    expect(await (await scripted.nextAgent()).nextPrompt()).toMatchObject({ input: [{ text: 'again' }] });
  });
});

describe('a change of the model', () => {
  test('asked for while the agent starts reaches it', async () => {
    const { scripted, create, run } = setUp({ onOpen: () => {} });
    const id = await create();
    const agent = await scripted.nextAgent();
    await run({ type: 'session.configure', sessionId: id, model: 'large' });
    agent.start();
    await settled();
    expect(agent.changes).toMatchObject([{ model: 'large' }]);
  });
});

describe('a consumer', () => {
  test('that throws is let go, and its neighbour and the session go on', async () => {
    const { scripted, create, follow, engine } = setUp();
    const id = await create('go');
    const sink = {
      send(): boolean {
        throw new Error('the socket is gone');
      },
    };
    engine.subscribe({ sessionId: id, after: 0, sink });
    engine.watch({ topic: 'sessions', sink });
    const { until } = follow(id);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.say(turnId, 'still', 'here');
    agent.end(turnId);
    await until('turn.ended');
    expect(engine.stats().subscriptions).toBe(1);
  });

  test('hears nothing after it said that it has no room', async () => {
    const { scripted, create, follow, engine } = setUp();
    const id = await create('go');
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const items = [createId('item'), createId('item')];
    const early = follow(id);
    for (const itemId of items) {
      await agent.report({ type: 'item.started', turnId, itemId, item: { type: 'reasoning', text: '' } });
      await agent.report({ type: 'item.delta', itemId, field: 'text', text: 'thinking' });
    }
    await early.sink.until((frame) => frame.type === 'delta' && frame.itemId === items[1]);
    const { seq } = await engine.readEvents(id, { after: 0, limit: 1 });
    const sink = createFrameCollector<SessionFrame>();
    sink.room = false;
    const subscription = engine.subscribe({ sessionId: id, after: seq, sink });
    const kinds: string[][] = [];
    for (let round = 0; round < 4; round += 1) {
      await settled();
      kinds.push(sink.frames.map((frame) => frame.type));
      subscription.drained();
    }
    expect(kinds).toEqual([
      ['caught-up'],
      ['caught-up', 'delta'],
      ['caught-up', 'delta', 'delta'],
      ['caught-up', 'delta', 'delta'],
    ]);
  });

  test('that closed before the session was found hears nothing', async () => {
    const { engine } = setUp();
    const sink = createFrameCollector<SessionFrame>();
    engine.subscribe({ sessionId: 'ses_nobody' as SessionId, after: 0, sink }).close();
    await settled();
    expect(sink.frames).toEqual([]);
  });

  test('of a topic gets what happened while its snapshot was read', async () => {
    const { create, engine, hold, clock } = setUp();
    const doomed = await create();
    const slow = createFrameCollector<TopicFrame>();
    const release = hold('listSessions');
    engine.watch({ topic: 'sessions', sink: slow });
    const id = await create();
    clock.advance(100);
    await engine.deleteSession(doomed, ada);
    release();
    await slow.until((frame) => frame.topic === 'sessions' && frame.data.kind === 'deleted');
    expect(slow.frames[0]).toMatchObject({ data: { kind: 'snapshot' } });
    expect(slow.frames).toContainEqual(
      expect.objectContaining({ data: { kind: 'changed', session: expect.objectContaining({ id }) } }),
    );
  });

  test('of a topic whose snapshot could not be read gets it later', async () => {
    const { create, engine, fail, clock } = setUp();
    const id = await create();
    const mend = fail('listSessions', new AppError('store-unavailable', 'busy'));
    const sink = createFrameCollector<TopicFrame>();
    engine.watch({ topic: 'sessions', sink });
    await settled();
    mend();
    clock.advance(1000);
    expect(await sink.until(() => true)).toMatchObject({ data: { kind: 'snapshot', sessions: [{ id }] } });
  });
});

describe('an unknown session', () => {
  test('is forgotten as soon as it was answered', async () => {
    const { engine, run, follow, calls } = setUp();
    const nobody = 'ses_nobody' as SessionId;
    for (let round = 0; round < 3; round += 1) {
      expect(await run(prompt(nobody, 'hello'))).toMatchObject({ error: { kind: 'not-found' } });
      await follow(nobody).sink.until((frame) => frame.type === 'error');
      await settled();
    }
    // Nothing was kept, so each question read the log anew.
    expect(calls('readEvents')).toBe(6);
    expect(engine.stats()).toMatchObject({ subscriptions: 0, eventsAppended: 0 });
  });
});
