import { AppError, type Command, createId, type SessionId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend, type ScriptedBackendOptions } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { EngineOptions } from './engine-options.ts';

const ada = { id: 'ada', name: 'Ada' };
const input = [{ type: 'text' as const, text: 'go' }];

function setUp(options: ScriptedBackendOptions = {}, more: Partial<EngineOptions> = {}) {
  const store = createMemoryStore();
  const clock = createManualClock();
  const scripted = createScriptedBackend(options);
  const engine = createEngine({
    ...{ store, clock, chance: () => 0.5 },
    backends: () => [scripted.backend],
    resolveFolder: (path) => Promise.resolve(path),
    ...more,
  });
  const run = (command: Command) => engine.execute(command, { commandId: createId('command'), actor: ada });
  const createCommand: Command = { type: 'session.create', backend: 'scripted', cwd: '/w' };
  async function create(): Promise<SessionId> {
    const receipt = await run(createCommand);
    if (!receipt.ok) throw new Error(receipt.error.detail);
    return (receipt.result as SessionView).id;
  }
  const send = (sessionId: SessionId) => run({ type: 'turn.start', sessionId, input });
  const eventsOf = async (sessionId: SessionId) =>
    (await engine.readEvents(sessionId, { after: 0, limit: 500 })).events.map(({ event }) => event);
  return { clock, scripted, engine, run, create, createCommand, send, eventsOf };
}

async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('an agent that ends unasked', () => {
  test('is started again for what is queued, a little later each time, and is given up', async () => {
    const { clock, scripted, create, send, eventsOf, engine } = setUp();
    const id = await create();
    for (let turn = 0; turn < 8; turn += 1) await send(id);
    for (const [index, delay] of [1000, 2000, 4000, 8000].entries()) {
      const agent = await scripted.nextAgent();
      await agent.nextPrompt();
      agent.crash();
      await settled();
      const at = new Date(clock.now() + delay).toISOString();
      expect((await eventsOf(id)).at(-1)).toMatchObject({
        type: 'notice.raised',
        text: expect.stringContaining(`in ${delay / 1000} s, at ${at} (try ${index + 1} of 4)`),
      });
      expect(engine.listQueue().items).toMatchObject([{ sessionId: id, because: 'failed', notBefore: at }]);
      clock.advance(delay - 1);
      await settled();
      expect(scripted.agents).toHaveLength(index + 1);
      clock.advance(1);
    }
    const last = await scripted.nextAgent();
    await last.nextPrompt();
    last.crash();
    await settled();
    clock.advance(3_600_000);
    await settled();
    expect(scripted.agents).toHaveLength(5);
    expect(await engine.readView(id)).toMatchObject({ state: 'failed', queue: [{}, {}, {}] });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'notice.raised', level: 'error' });
    // No turn was given to an agent twice.
    const begun = scripted.agents.flatMap(({ prompts }) => prompts.map(({ turnId }) => turnId));
    expect(new Set(begun).size).toBe(begun.length);

    await send(id);
    await (await scripted.nextAgent()).nextPrompt();
    expect(await engine.readView(id)).toMatchObject({ state: 'running' });
  });

  test('because nobody is signed in takes none of what waits with it, until somebody asks again', async () => {
    const { clock, scripted, create, send, engine } = setUp();
    const id = await create();
    for (let turn = 0; turn < 3; turn += 1) await send(id);
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    agent.crash({ kind: 'backend-not-authenticated', message: 'It is not signed in.' });
    await settled();
    clock.advance(3_600_000);
    await settled();
    expect(scripted.agents).toHaveLength(1);
    expect(await engine.readView(id)).toMatchObject({ state: 'failed', queue: [{}, {}] });
    await send(id);
    await (await scripted.nextAgent()).nextPrompt();
    expect(await engine.readView(id)).toMatchObject({ state: 'running', queue: [{}, {}] });
  });

  test('starts over from the first delay once a turn went through', async () => {
    const { clock, scripted, create, send } = setUp();
    const id = await create();
    for (let turn = 0; turn < 4; turn += 1) await send(id);
    const first = await scripted.nextAgent();
    await first.nextPrompt();
    first.crash();
    await settled();
    clock.advance(1000);
    const second = await scripted.nextAgent();
    second.end((await second.nextPrompt()).turnId);
    await second.nextPrompt();
    second.crash();
    await settled();
    clock.advance(1000);
    await (await scripted.nextAgent()).nextPrompt();
    expect(scripted.agents).toHaveLength(3);
  });

  test('is started at once when somebody asks, and not at all when they stop it', async () => {
    const { scripted, create, send, run, clock, engine } = setUp();
    const id = await create();
    await send(id);
    await send(id);
    await send(id);
    const first = await scripted.nextAgent();
    await first.nextPrompt();
    first.crash();
    await settled();
    await send(id);
    const second = await scripted.nextAgent();
    await second.nextPrompt();
    second.crash();
    await settled();
    await run({ type: 'session.stop', sessionId: id });
    clock.advance(600_000);
    await settled();
    expect(scripted.agents).toHaveLength(2);
    expect(await engine.readView(id)).toMatchObject({ state: 'stopped', queue: [{}, {}] });
  });
});

describe('a prompt whose agent dies before it has it', () => {
  /** Every prompt waits until the test lets it through. */
  const holding = () => {
    const gates: (() => void)[] = [];
    const beforeTurn = () => new Promise<void>((resolve) => void gates.push(resolve));
    return { ...setUp({}, { beforeTurn }), open: () => gates.splice(0).forEach((resolve) => resolve()) };
  };
  const typesOf = (events: readonly { type: string }[]) => events.map(({ type }) => type);

  test('goes to the next one under its own name, once, and the log tells of it', async () => {
    const { clock, scripted, create, run, eventsOf, engine, open } = holding();
    const id = await create();
    const first = await scripted.nextAgent();
    await settled();
    const turnId = createId('turn');
    await run({ type: 'turn.start', sessionId: id, turnId, input });
    first.crash();
    await settled();
    expect(await engine.readView(id)).toMatchObject({ state: 'starting', queue: [{ turnId, input, by: 'ada' }] });
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'notice.raised',
      text: expect.stringContaining('before it had the last prompt, which is asked again'),
    });
    // What was on its way to the first goes nowhere.
    open();
    await settled();
    clock.advance(1000);
    const second = await scripted.nextAgent();
    await settled();
    open();
    expect((await second.nextPrompt()).turnId).toBe(turnId);
    second.end(turnId);
    await settled();
    expect(typesOf(await eventsOf(id)).filter((type) => type.startsWith('turn.'))).toEqual([
      ...['turn.started', 'turn.requeued', 'turn.started', 'turn.ended'],
    ]);
    expect(first.prompts).toEqual([]);
    expect(second.prompts).toHaveLength(1);
  });

  test('fails when the next one dies before it, too', async () => {
    const { clock, scripted, create, send, eventsOf } = holding();
    const id = await create();
    const first = await scripted.nextAgent();
    await settled();
    await send(id);
    first.crash();
    await settled();
    clock.advance(1000);
    const second = await scripted.nextAgent();
    await settled();
    second.crash();
    await settled();
    const events = await eventsOf(id);
    expect(events.filter(({ type }) => type === 'turn.requeued')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'turn.ended')).toMatchObject([{ outcome: 'failed' }]);
  });

  test('fails with the reason of an agent that does not come up', async () => {
    const failure = { kind: 'agent-exited' as const, message: 'its settings are broken' };
    const { create, send, eventsOf } = setUp({
      onOpen: (agent) => void agent.report({ type: 'agent.exited', code: 1, signal: null, expected: false, failure }),
    });
    const id = await create();
    await settled();
    await send(id);
    await settled();
    const events = await eventsOf(id);
    expect(events.filter(({ type }) => type === 'turn.ended')).toMatchObject([{ outcome: 'failed', error: failure }]);
    expect(typesOf(events)).not.toContain('turn.requeued');
  });

  test('and that does not take it: the turn does not fail for that', async () => {
    const turnId = createId('turn');
    const refusal = new AppError('agent-exited', 'Cannot write: the process has ended');
    const { clock, scripted, create, run, eventsOf } = setUp({
      session: { held: { unheard: turnId }, prompt: () => Promise.reject(refusal) },
    });
    const id = await create();
    const agent = await scripted.nextAgent();
    await settled();
    await run({ type: 'turn.start', sessionId: id, turnId, input });
    await settled();
    expect(typesOf(await eventsOf(id))).not.toContain('turn.ended');
    agent.crash();
    await settled();
    expect(typesOf(await eventsOf(id))).toContain('turn.requeued');
    clock.advance(1000);
    await scripted.nextAgent();
    await settled();
    // One that never ends is not waited for.
    clock.advance(30_000);
    await settled();
    expect((await eventsOf(id)).find(({ type }) => type === 'turn.ended')).toMatchObject({ outcome: 'failed' });
  });
});

test('a prompt that an agent does not take because it is told to stop has not failed', async () => {
  const [taking, ending] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const session = { prompt: () => taking.promise, stop: () => ending.promise };
  const { scripted, create, run, eventsOf } = setUp({ session });
  const id = await create();
  await scripted.nextAgent();
  await settled();
  await run({ type: 'turn.start', sessionId: id, input });
  await run({ type: 'session.stop', sessionId: id });
  taking.reject(new AppError('agent-exited', 'It takes no more messages'));
  await settled();
  const ends = async () => (await eventsOf(id)).filter(({ type }) => type === 'turn.ended');
  expect(await ends()).toEqual([]);
  ending.resolve();
  await settled();
  expect(await ends()).toMatchObject([{ outcome: 'interrupted' }]);
});

describe('a backend that fails to start', () => {
  const failing = () => {
    let broken = true;
    const options: ScriptedBackendOptions = {
      onOpen(agent) {
        if (!broken) return agent.start();
        void agent.report({
          type: 'agent.exited',
          ...{ code: 1, signal: null, expected: false },
          failure: { kind: 'agent-exited', message: 'its licence ran out' },
        });
      },
    };
    return { ...setUp(options), mend: () => (broken = false) };
  };

  test('is not started for a while after five failures, says why, and is tried again by one', async () => {
    const { create, run, createCommand, clock, engine, scripted, mend } = failing();
    for (let count = 0; count < 5; count += 1) {
      await create();
      await settled();
    }
    const refused = await run(createCommand);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'agent-exited', retry: true } });
    expect(refused).toMatchObject({ error: { detail: expect.stringContaining('its licence ran out') } });
    const retryAt = new Date(clock.now() + 30_000).toISOString();
    expect(await engine.listBackends()).toMatchObject([{ breaker: { state: 'open', retryAt } }]);
    clock.advance(30_000);
    await create();
    await settled();
    clock.advance(59_999);
    expect(await run(createCommand)).toMatchObject({ ok: false });
    expect(scripted.agents).toHaveLength(6);
    clock.advance(1);
    mend();
    await create();
    await settled();
    expect((await engine.listBackends())[0]).not.toHaveProperty('breaker');
    await create();
  });

  test('because of what one session says of itself keeps no other from starting', async () => {
    const { create, run, clock, createCommand } = failing();
    const sessionId = await create();
    for (let count = 0; count < 6; count += 1) {
      await settled();
      clock.advance(1);
      await run({ type: 'session.start', sessionId });
    }
    await settled();
    expect(await run(createCommand)).toMatchObject({ ok: true });
  });
});

describe('an agent that may not go on', () => {
  const failure = { kind: 'agent-exited' as const, message: 'It used 4.1 GB of the 4 GB it may use.' };

  test('is ended with its reason, and what waits goes on as after any end unasked', async () => {
    const { clock, scripted, create, send, engine, eventsOf } = setUp();
    const id = await create();
    await send(id);
    await send(id);
    const first = await scripted.nextAgent();
    const { turnId } = await first.nextPrompt();
    await settled();
    expect(engine.listAgents()).toEqual([{ sessionId: id, backend: 'scripted', silentSince: clock.now() }]);
    expect(engine.failAgent(id, failure)).toBe(true);
    // Its last words end no turn, so that no prompt is given to it any more.
    first.end(turnId, 'interrupted');
    await settled();
    const events = await eventsOf(id);
    expect(events.filter(({ type }) => type === 'turn.ended')).toMatchObject([
      { turnId, outcome: 'failed', error: failure },
    ]);
    expect(events.find(({ type }) => type === 'agent.exited')).toMatchObject({ expected: false, failure });
    expect(engine.listAgents()).toEqual([]);
    expect(engine.failAgent(id, failure)).toBe(false);
    clock.advance(1000);
    expect(await (await scripted.nextAgent()).nextPrompt()).not.toMatchObject({ turnId });
  });

  test('says nothing of its end that its user asked for before', async () => {
    const { scripted, create, send, engine, run } = setUp({ session: { stop: () => new Promise(() => undefined) } });
    const id = await create();
    await send(id);
    await (await scripted.nextAgent()).nextPrompt();
    await run({ type: 'session.stop', sessionId: id });
    expect(engine.failAgent(id, failure)).toBe(false);
  });
});
