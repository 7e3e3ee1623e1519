import { type Command, createId, type SessionId, type SessionView, type TopicFrame } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import {
  createFrameCollector,
  createManualClock,
  createScriptedBackend,
  type ScriptedBackendOptions,
} from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import type { EventStore } from '../ports/event-store.ts';
import { checkInvariants } from '../session/check-invariants.ts';
import { evolve } from '../session/evolve.ts';
import { noSession } from '../session/state.ts';
import { createEngine } from './create-engine.ts';
import type { EngineOptions } from './engine-options.ts';
import type { SessionFrame } from './engine.ts';

const ada = { id: 'ada', name: 'Ada' };
const bob = { id: 'bob', name: 'Bob' };
const input = (text: string) => [{ type: 'text' as const, text }];

interface SetUp extends Partial<Pick<EngineOptions, 'agentLimits' | 'sleepAfterMs'>> {
  scripted?: ScriptedBackendOptions;
  store?: EventStore;
}

function setUp({ scripted: script = {}, store = createMemoryStore(), ...limits }: SetUp = {}) {
  const clock = createManualClock();
  const scripted = createScriptedBackend(script);
  const engine = createEngine({
    ...{ store, clock, chance: () => 0.5, ...limits },
    backends: () => [scripted.backend],
    resolveFolder: (path) => Promise.resolve(path),
  });
  const run = (command: Command, actor = ada) => engine.execute(command, { commandId: createId('command'), actor });
  async function create(more: { prompt?: string; background?: boolean } = {}, actor = ada): Promise<SessionView> {
    const { prompt, ...rest } = more;
    const command = { type: 'session.create' as const, backend: 'scripted', cwd: '/w', ...rest };
    const receipt = await run(prompt === undefined ? command : { ...command, prompt: input(prompt) }, actor);
    if (!receipt.ok) throw new Error(receipt.error.detail);
    return receipt.result as SessionView;
  }
  function follow(sessionId: SessionId) {
    const sink = createFrameCollector<SessionFrame>();
    const { close } = engine.subscribe({ sessionId, after: 0, sink });
    const until = (type: string) => sink.until((frame) => frame.type === 'event' && frame.event.type === type);
    return { sink, until, close };
  }
  async function typesOf(sessionId: SessionId): Promise<string[]> {
    const { events } = await engine.readEvents(sessionId, { after: 0, limit: 500 });
    const state = events.reduce(evolve, noSession);
    expect(
      checkInvariants(
        events.map(({ event }) => event),
        state,
      ),
    ).toEqual([]);
    return events.map(({ event }) => event.type);
  }
  const queued = () => engine.listQueue().items.map(({ sessionId }) => sessionId);
  return { clock, scripted, engine, run, create, follow, typesOf, queued, store };
}

/** Everything that needs no outside event has happened. */
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

const oneAtOnce = { agentLimits: { inAll: 1, perUser: 0 } };

describe('beyond the limit', () => {
  test('a session waits, with its prompt queued, and starts when a place is free', async () => {
    const { scripted, create, run, engine, typesOf, queued } = setUp(oneAtOnce);
    const first = await create({ prompt: 'one' });
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    const second = await create({ prompt: 'two' });
    expect(second).toMatchObject({ state: 'starting', queue: [{ by: 'ada' }] });
    expect(await engine.readView(second.id)).toMatchObject({ waiting: { position: 1 } });
    expect((await engine.listSessions({ limit: 9 })).items).toContainEqual(
      expect.objectContaining({ id: second.id, waiting: { position: 1 } }),
    );
    expect(await run({ type: 'turn.start', sessionId: second.id, input: input('three') })).toMatchObject({
      result: { state: 'queued' },
    });
    expect(scripted.agents).toHaveLength(1);
    expect(engine.stats()).toMatchObject({ liveAgents: 1, waitingAgents: 1 });

    await run({ type: 'session.stop', sessionId: first.id });

    const next = await scripted.nextAgent();
    expect(next.options.sessionId).toBe(second.id);
    expect((await next.nextPrompt()).input).toEqual(input('two'));
    expect(queued()).toEqual([]);
    expect(await engine.readView(second.id)).not.toHaveProperty('waiting');
    expect((await typesOf(second.id)).slice(0, 4)).toEqual([
      'session.created',
      'session.start-requested',
      'turn.queued',
      'turn.queued',
    ]);
  });

  test('an agent that has nothing to do makes room, the one that was not used for longest', async () => {
    const { scripted, create, run, clock, typesOf, follow, engine } = setUp({ agentLimits: { inAll: 2, perUser: 0 } });
    const used = await create();
    const unused = await create();
    await Promise.all([follow(used.id).until('agent.ready'), follow(unused.id).until('agent.ready')]);
    clock.advance(60_000);
    await run({ type: 'session.configure', sessionId: used.id, title: 'Mine' });
    const third = await create({ prompt: 'go' });
    await follow(third.id).until('turn.started');
    expect(await typesOf(unused.id)).toContain('agent.exited');
    expect(await engine.readView(unused.id)).toMatchObject({ state: 'stopped', stopReason: 'room' });
    expect(await engine.readView(used.id)).toMatchObject({ state: 'idle' });
    const { events } = await engine.readEvents(unused.id, { after: 0, limit: 99 });
    expect(events.find(({ event }) => event.type === 'session.stop-requested')?.event).toMatchObject({
      by: 'baton',
      reason: 'room',
    });
    expect(scripted.agents).toHaveLength(3);
  });

  test('an agent whose turn ends makes room for the one that waits', async () => {
    const { scripted, create, follow } = setUp(oneAtOnce);
    await create({ prompt: 'one' });
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const second = await create({ prompt: 'two' });
    agent.end(turnId);
    await follow(second.id).until('turn.started');
    expect(agent.stopped).toBe(true);
  });

  test('an agent that was started for nothing yet makes room when it is up', async () => {
    const { scripted, create, follow } = setUp({ ...oneAtOnce, scripted: { onOpen: () => undefined } });
    await create();
    const agent = await scripted.nextAgent();
    const second = await create({ prompt: 'two' });
    await settled();
    expect(agent.stopped).toBe(false);
    agent.start();
    await follow(second.id).until('turn.started');
    expect(agent.stopped).toBe(true);
  });

  test('people go before the background, and the queue can be changed', async () => {
    const { scripted, create, run, engine, queued } = setUp(oneAtOnce);
    const first = await create({ prompt: 'one' });
    await (await scripted.nextAgent()).nextPrompt();
    const task = await create({ prompt: 'task', background: true });
    const second = await create({ prompt: 'two' });
    const third = await create({ prompt: 'three' });
    expect(queued()).toEqual([second.id, third.id, task.id]);
    engine.moveInQueue(task.id, 'first');
    engine.moveInQueue(second.id, 'last');
    expect(queued()).toEqual([task.id, third.id, second.id]);
    expect(() => engine.moveInQueue(first.id, 'first')).toThrow('does not wait');
    await run({ type: 'session.stop', sessionId: first.id });
    expect((await scripted.nextAgent()).options.sessionId).toBe(task.id);
  });

  test('one user keeps no place from another', async () => {
    const { scripted, create, queued } = setUp({ agentLimits: { inAll: 0, perUser: 1 } });
    await create({ prompt: 'one' });
    await scripted.nextAgent();
    const second = await create({ prompt: 'two' });
    const other = await create({ prompt: 'three' }, bob);
    expect((await scripted.nextAgent()).options.sessionId).toBe(other.id);
    expect(queued()).toEqual([second.id]);
  });

  test.each([
    ['stopped', (sessionId: SessionId): Command => ({ type: 'session.stop', sessionId })],
    ['interrupted', (sessionId: SessionId): Command => ({ type: 'turn.interrupt', sessionId })],
    ['archived', (sessionId: SessionId): Command => ({ type: 'session.archive', sessionId, archived: true })],
  ])('a session that is %s leaves the queue at once and keeps its prompt', async (_, toCommand) => {
    const { scripted, create, run, queued, engine, typesOf } = setUp(oneAtOnce);
    const first = await create({ prompt: 'one' });
    await (await scripted.nextAgent()).nextPrompt();
    const second = await create({ prompt: 'two' });
    expect(await run(toCommand(second.id))).toMatchObject({ ok: true });
    expect(queued()).toEqual([]);
    expect(await engine.readView(second.id)).toMatchObject({ state: 'stopped', queue: [{ by: 'ada' }] });
    await run({ type: 'session.stop', sessionId: first.id });
    await settled();
    expect(scripted.agents).toHaveLength(1);
    await run({ type: 'session.start', sessionId: second.id });
    expect((await (await scripted.nextAgent()).nextPrompt()).input).toEqual(input('two'));
    await typesOf(second.id);
  });

  test('a session that is deleted leaves the queue', async () => {
    const { create, engine, queued } = setUp(oneAtOnce);
    await create({ prompt: 'one' });
    const second = await create({ prompt: 'two' });
    expect(await engine.deleteSession(second.id, ada)).toMatchObject({ ok: true });
    expect(queued()).toEqual([]);
  });

  test('what waited goes on waiting in its order when the server comes back', async () => {
    const before = setUp(oneAtOnce);
    const running = await before.create({ prompt: 'one' });
    await (await before.scripted.nextAgent()).nextPrompt();
    before.clock.advance(1000);
    const second = await before.create({ prompt: 'two' });
    before.clock.advance(1000);
    const third = await before.create({ prompt: 'three' });
    const after = setUp({ ...oneAtOnce, store: before.store });
    await after.engine.recover();
    const next = await after.scripted.nextAgent();
    expect(next.options.sessionId).toBe(second.id);
    expect((await next.nextPrompt()).input).toEqual(input('two'));
    expect(after.queued()).toEqual([third.id]);
    expect(await after.engine.readView(running.id)).toMatchObject({ state: 'stopped' });
    await after.typesOf(third.id);
  });

  test('the list of sessions tells of it', async () => {
    const { create, engine, clock } = setUp(oneAtOnce);
    await create({ prompt: 'one' });
    const topic = createFrameCollector<TopicFrame>();
    engine.watch({ topic: 'sessions', sink: topic });
    await topic.until((frame) => frame.topic === 'sessions' && frame.data.kind === 'snapshot');
    const second = await create({ prompt: 'two' });
    clock.advance(50);
    await topic.until(
      (frame) =>
        frame.topic === 'sessions' &&
        frame.data.kind === 'changed' &&
        frame.data.session.id === second.id &&
        frame.data.session.waiting?.position === 1,
    );
  });
});

describe('an agent nobody needs', () => {
  const sleeping = { sleepAfterMs: 30 * 60_000 };

  test('is put to sleep, and woken by the next prompt', async () => {
    const { scripted, create, follow, clock, run, engine } = setUp(sleeping);
    const { id } = await create();
    const { until, close } = follow(id);
    await until('agent.ready');
    clock.advance(40 * 60_000);
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'idle' });
    close();
    clock.advance(10_000);
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'stopped' });
    await run({ type: 'turn.start', sessionId: id, input: input('wake up') });
    expect(scripted.agents).toHaveLength(2);
    expect(scripted.agents[1]?.options.nativeId).toBe(`native-${id}`);
  });

  test('is left alone while it works, unless that was chosen', async () => {
    const { scripted, create, clock, run, engine } = setUp(sleeping);
    const { id } = await create({ prompt: 'long work' });
    await (await scripted.nextAgent()).nextPrompt();
    clock.advance(24 * 60 * 60_000);
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'running' });
    await run({ type: 'session.configure', sessionId: id, stopUnwatchedMinutes: 5 });
    clock.advance(4 * 60_000);
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'running', stopUnwatchedMinutes: 5 });
    clock.advance(60_000 + 10_000);
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'stopped' });
    const { events } = await engine.readEvents(id, { after: 0, limit: 99 });
    expect(events.map(({ event }) => event)).toContainEqual({
      type: 'session.stop-requested',
      reason: 'unwatched',
      by: 'baton',
    });
  });

  test('is shown as quiet when it says nothing for two minutes, until it speaks', async () => {
    const { scripted, create, clock, engine } = setUp();
    const { id } = await create({ prompt: 'think' });
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    await settled();
    const since = new Date(clock.now()).toISOString();
    clock.advance(110_000);
    expect(await engine.readView(id)).not.toHaveProperty('quietSince');
    clock.advance(20_000);
    expect(await engine.readView(id)).toMatchObject({ state: 'running', quietSince: since });
    agent.say(turnId, 'here I am');
    expect(await engine.readView(id)).not.toHaveProperty('quietSince');
    agent.ask(turnId);
    await settled();
    clock.advance(600_000);
    expect(await engine.readView(id)).not.toHaveProperty('quietSince');
  });
});
