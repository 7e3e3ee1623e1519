import {
  type Command,
  createId,
  type SessionEvent,
  type SessionId,
  type SessionView,
  type TurnId,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createManualClock, createScriptedBackend, type ScriptedAgent } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import type { AgentSession } from '../ports/backend.ts';
import { emptyTimeline, foldTimeline } from '../projection/fold-timeline.ts';
import { checkInvariants } from '../session/check-invariants.ts';
import { evolve } from '../session/evolve.ts';
import { noSession } from '../session/state.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, Receipt } from './engine.ts';

const ada = { id: 'ada', name: 'Ada' };
const CAN = ['interrupt', 'resume', 'fork', 'rewind', 'steer'] as const;

interface SetUp {
  capabilities?: readonly (typeof CAN)[number][];
  session?: Partial<AgentSession>;
}

/** Agents that answer each prompt at once with its own words, and name the end of each turn after it. */
function setUp({ capabilities = CAN, session }: SetUp = {}) {
  const store = createMemoryStore();
  const clock = createManualClock();
  const faults: unknown[] = [];
  let held: string | undefined;
  const scripted = createScriptedBackend({
    view: { capabilities: [...capabilities] },
    ...(session === undefined ? {} : { session }),
    onPrompt: (agent, { turnId, input }) => {
      const text = input[0]?.type === 'text' ? input[0].text : '';
      if (text === held) return;
      agent.say(turnId, `You said: ${text}`);
      void agent.report({ type: 'turn.ended', turnId, outcome: 'completed', point: `after ${text}`, costUsd: 1 });
    },
  });
  const create = () =>
    createEngine({
      store,
      clock,
      backends: () => [scripted.backend],
      resolveFolder: (path) => Promise.resolve(path),
      onFault: (error) => faults.push(error),
    });
  const engine = create();
  const run = (command: Command, on: Engine = engine, commandId: string = createId('command')) =>
    on.execute(command, { commandId, actor: ada });
  async function prompt(sessionId: SessionId, text: string, on: Engine = engine): Promise<TurnId> {
    const turnId = createId('turn');
    const ended = untilTurnEnds(on, turnId);
    const receipt = await run({ type: 'turn.start', sessionId, turnId, input: [{ type: 'text', text }] }, on);
    expect(receipt).toMatchObject({ ok: true });
    if (text !== held) await ended;
    return turnId;
  }
  async function begin(...texts: string[]): Promise<{ id: SessionId; turns: TurnId[] }> {
    const env = { SECRET: 'kept' };
    const view = resultOf<SessionView>(await run({ type: 'session.create', backend: 'scripted', cwd: '/w', env }));
    const turns: TurnId[] = [];
    for (const text of texts) turns.push(await prompt(view.id, text));
    return { id: view.id, turns };
  }
  const hold = (text: string) => {
    held = text;
  };
  return { store, clock, scripted, engine, create, run, prompt, begin, hold, faults };
}

function untilTurnEnds(engine: Engine, turnId: TurnId): Promise<void> {
  return new Promise((resolve) => {
    const end = engine.onRecorded((recorded) => {
      if (!recorded.some(({ event }) => event.type === 'turn.ended' && event.turnId === turnId)) return;
      end();
      resolve();
    });
  });
}

function resultOf<T>(receipt: Receipt): T {
  if (!receipt.ok) throw new Error(receipt.error.detail);
  return receipt.result as T;
}

/** What a person is shown: the prompts of the conversation. Checks the log on the way. */
async function shown(engine: Engine, id: SessionId): Promise<string[]> {
  const { events } = await engine.readEvents(id, { after: 0, limit: 1000 });
  const log = events.map(({ event }) => event);
  expect(checkInvariants(log, events.reduce(evolve, noSession))).toEqual([]);
  const { turns } = events.reduce(foldTimeline, emptyTimeline);
  return turns.map(({ input }) => (input[0]?.type === 'text' ? input[0].text : ''));
}

/** What the agent was given as the past when it was opened, without the prompt it was opened for. */
async function pastOf({ options }: ScriptedAgent): Promise<string[]> {
  const texts: string[] = [];
  for await (const { event } of options.history()) {
    if (event.type === 'turn.started' && event.input[0]?.type === 'text') texts.push(event.input[0].text);
  }
  return texts;
}

const last = <T>(list: readonly T[]): T => {
  const found = list.at(-1);
  if (found === undefined) throw new Error('The list is empty');
  return found;
};

describe('a fork', () => {
  test('shares the conversation up to the turn, costs nothing, and begins its agent there', async () => {
    const { begin, run, prompt, engine, scripted, store } = setUp();
    const { id, turns } = await begin('one', 'two');
    const fork = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: id, turnId: turns[0] }));
    expect(fork).toMatchObject({ title: 'one (fork)', parent: { sessionId: id, turnId: turns[0] } });
    expect(fork).not.toHaveProperty('costUsd');
    expect(scripted.agents).toHaveLength(1);
    expect(await shown(engine, fork.id)).toEqual(['one']);
    expect(await store.readEnv(fork.id)).toEqual({ SECRET: 'kept' });
    await prompt(fork.id, 'three');
    const { options } = last(scripted.agents);
    expect(options.branch).toEqual({ kind: 'fork', nativeId: `native-${id}`, point: 'after one' });
    expect(options.nativeId).toBeUndefined();
    expect(await pastOf(last(scripted.agents))).toEqual(['one', 'three']);
    expect(await shown(engine, id)).toEqual(['one', 'two']);
    expect(await engine.readShortView(fork.id)).toMatchObject({ costUsd: 1 });
  });

  test('of a fork, at a turn it took over, begins where that turn ended', async () => {
    const { begin, run, prompt, engine, scripted } = setUp();
    const { id, turns } = await begin('one', 'two');
    const first = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: id }));
    await prompt(first.id, 'three');
    const turnId = turns[0];
    const second = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: first.id, turnId }));
    await prompt(second.id, 'four');
    expect(await shown(engine, second.id)).toEqual(['one', 'four']);
    expect(last(scripted.agents).options.branch).toMatchObject({ point: 'after one', nativeId: `native-${first.id}` });
  });

  test('keeps the times of what it shares', async () => {
    const { begin, run, engine, clock } = setUp();
    const { id } = await begin('one');
    clock.advance(60_000);
    const fork = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: id }));
    const { events } = await engine.readEvents(fork.id, { after: 0, limit: 100 });
    const original = await engine.readEvents(id, { after: 0, limit: 100 });
    const startOf = (list: typeof events) => list.find(({ event }) => event.type === 'turn.started')?.at;
    expect(startOf(events)).toBe(startOf(original.events));
    expect(Date.parse(events[0]?.at ?? '') - Date.parse(startOf(events) ?? '')).toBe(60_000);
  });

  test('made twice by the same command is one', async () => {
    const { begin, run, engine } = setUp();
    const { id } = await begin('one');
    const command: Command = { type: 'session.fork', sessionId: id };
    const [first, second] = [await run(command, engine, 'cmd_1'), await run(command, engine, 'cmd_1')];
    expect(second).toEqual(first);
    expect((await engine.listSessions({ limit: 10 })).items).toHaveLength(2);
  });

  test('is refused for a turn that is not there, and for an agent that cannot', async () => {
    const { begin, run } = setUp();
    const { id } = await begin('one');
    const turnId = createId('turn');
    expect(await run({ type: 'session.fork', sessionId: id, turnId })).toMatchObject({ error: { kind: 'not-found' } });
    const other = setUp({ capabilities: ['resume', 'fork'] });
    const { id: plain, turns } = await other.begin('one', 'two');
    const refused = await other.run({ type: 'session.fork', sessionId: plain, turnId: turns[0] });
    expect(refused).toMatchObject({ error: { kind: 'capability-missing' } });
    expect(await other.run({ type: 'session.fork', sessionId: plain })).toMatchObject({ ok: true });
  });
});

describe('going back', () => {
  test('ends the agent and starts it where the turn ended', async () => {
    const { begin, run, prompt, engine, scripted } = setUp();
    const { id, turns } = await begin('one', 'two', 'three');
    await run({ type: 'session.rewind', sessionId: id, turnId: turns[0] ?? createId('turn') });
    expect(scripted.agents[0]?.stopped).toBe(true);
    await prompt(id, 'four');
    const again = last(scripted.agents);
    expect(again.options.branch).toEqual({ kind: 'rewind', nativeId: `native-${id}`, point: 'after one' });
    expect(await pastOf(again)).toEqual(['one', 'four']);
    expect(await shown(engine, id)).toEqual(['one', 'four']);
    const fork = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: id }));
    expect(await shown(engine, fork.id)).toEqual(['one', 'four']);
  });

  test('holds over a restart of the server, before and after the next turn', async () => {
    const { begin, run, prompt, engine, create, scripted } = setUp();
    const { id, turns } = await begin('one', 'two');
    await run({ type: 'session.rewind', sessionId: id, turnId: turns[0] ?? createId('turn') });
    await engine.stop();
    const second = create();
    await second.recover();
    await prompt(id, 'three', second);
    expect(last(scripted.agents).options.branch).toMatchObject({ kind: 'rewind', point: 'after one' });
    await second.stop();
    const third = create();
    await third.recover();
    await prompt(id, 'four', third);
    expect(last(scripted.agents).options).toMatchObject({ branch: undefined, nativeId: `native-${id}` });
    expect(await pastOf(last(scripted.agents))).toEqual(['one', 'three', 'four']);
    expect(await shown(third, id)).toEqual(['one', 'three', 'four']);
  });

  test('twice leaves what both leave, and a turn that was taken back is no place to go', async () => {
    const { begin, run, prompt, engine } = setUp();
    const { id, turns } = await begin('one', 'two', 'three');
    const [one, two, three] = turns;
    if (one === undefined || two === undefined || three === undefined) throw new Error('There were three turns');
    await run({ type: 'session.rewind', sessionId: id, turnId: two });
    await prompt(id, 'four');
    const gone = await run({ type: 'session.rewind', sessionId: id, turnId: three });
    expect(gone).toMatchObject({ error: { kind: 'not-found' } });
    await run({ type: 'session.rewind', sessionId: id, turnId: one });
    expect(await shown(engine, id)).toEqual(['one']);
  });
});

describe('steering', () => {
  test('reaches the agent of the running turn, and only while it runs', async () => {
    const steered: string[] = [];
    const reached = Promise.withResolvers<void>();
    const steer: AgentSession['steer'] = async (input) => {
      steered.push(input[0]?.type === 'text' ? input[0].text : '');
      reached.resolve();
    };
    const { begin, run, prompt, hold, scripted, engine } = setUp({ session: { steer } });
    const { id } = await begin('one');
    const command: Command = { type: 'turn.steer', sessionId: id, input: [{ type: 'text', text: 'blue' }] };
    expect(await run(command)).toMatchObject({ error: { kind: 'turn-not-running' } });
    hold('two');
    const turnId = await prompt(id, 'two');
    expect(await run(command)).toMatchObject({ ok: true });
    await reached.promise;
    expect(steered).toEqual(['blue']);
    const ended = untilTurnEnds(engine, turnId);
    last(scripted.agents).end(turnId);
    await ended;
    const { events } = await engine.readEvents(id, { after: 0, limit: 100 });
    const { turns } = events.reduce(foldTimeline, emptyTimeline);
    expect(turns[1]?.items.map(({ item }) => item.type)).toEqual(['user-message']);
  });

  test('that does not reach the agent is said, and breaks nothing', async () => {
    const { begin, run, prompt, hold, engine } = setUp();
    const { id } = await begin('one');
    hold('two');
    await prompt(id, 'two');
    const noticed = new Promise<SessionEvent>((resolve) => {
      engine.onRecorded((recorded) => {
        for (const { event } of recorded) if (event.type === 'notice.raised') resolve(event);
      });
    });
    await run({ type: 'turn.steer', sessionId: id, input: [{ type: 'text', text: 'blue' }] });
    expect(await noticed).toMatchObject({ level: 'error', text: expect.stringContaining('did not reach the agent') });
  });

  test('is refused by an agent that cannot', async () => {
    const { begin, run } = setUp({ capabilities: ['resume'] });
    const { id } = await begin('one');
    const command: Command = { type: 'turn.steer', sessionId: id, input: [{ type: 'text', text: 'blue' }] };
    expect(await run(command)).toMatchObject({ error: { kind: 'capability-missing' } });
  });
});

describe('an imported session', () => {
  const turnId = 'trn_old' as TurnId;
  const at = (second: number) => new Date(Date.UTC(2020, 0, 1, 0, 0, second)).toISOString();
  const past: SessionEvent[] = [
    { type: 'turn.started', turnId, input: [{ type: 'text', text: 'long ago' }], by: 'user' },
    { type: 'turn.ended', turnId, outcome: 'completed', point: 'there', costUsd: 3, durationMs: 1 },
  ];

  test('has its own times, starts no agent, and goes on in the conversation it came from', async () => {
    const { engine, scripted, prompt } = setUp();
    const sessionId = createId('session');
    const created = {
      type: 'session.created',
      backend: 'scripted',
      cwd: '/w',
      nativeId: 'elsewhere',
      by: 'ada',
    } as const;
    const receipt = await engine.importSession(
      { sessionId, created, past: past.map((event, index) => ({ at: at(index), event })), env: { A: '1' } },
      { commandId: createId('command'), actor: ada },
    );
    expect(receipt).toMatchObject({ ok: true, result: { id: sessionId, createdAt: at(0), updatedAt: at(1) } });
    const { events } = await engine.readEvents(sessionId, { after: 0, limit: 10 });
    expect(events.map((each) => each.at)).toEqual([at(0), at(0), at(1)]);
    expect(scripted.agents).toEqual([]);
    await prompt(sessionId, 'now');
    expect(last(scripted.agents).options).toMatchObject({ nativeId: 'elsewhere', branch: undefined, env: { A: '1' } });
    expect(await shown(engine, sessionId)).toEqual(['long ago', 'now']);
    expect(await engine.readShortView(sessionId)).toMatchObject({ costUsd: 1 });
  });
});

describe('an agent that went back by itself', () => {
  const points = (...texts: string[]) => ({
    type: 'agent.went-back' as const,
    points: texts.map((text) => `after ${text}`),
  });
  const texts = (count: number) => Array.from({ length: count }, (_, at) => `prompt ${at}`);

  test('has what it does not have any more taken back, and goes on in the same process', async () => {
    const { begin, prompt, engine, scripted, faults } = setUp();
    const { id } = await begin('one', 'two', 'three');
    // What it said before it counts, although it is written down together.
    const { options } = last(scripted.agents);
    const turnId = createId('turn');
    void options.report({ type: 'turn.started', turnId, input: [{ type: 'text', text: 'four' }], by: 'agent' });
    void options.report({ type: 'turn.ended', turnId, outcome: 'completed', point: 'after four' });
    void options.report(points('one'));
    await prompt(id, 'five');
    expect(await shown(engine, id)).toEqual(['one', 'five']);
    expect(await pastOf(last(scripted.agents))).toEqual(['one', 'five']);
    expect(scripted.agents).toHaveLength(1);
    const { events } = await engine.readEvents(id, { after: 0, limit: 1000 });
    expect(events.flatMap(({ event }) => (event.type === 'session.rewound' ? [event.by] : []))).toEqual(['agent']);
    expect(faults).toEqual([]);
  });

  test('keeps the turn that runs', async () => {
    const { begin, prompt, engine, scripted, hold } = setUp();
    const { id } = await begin('one', 'two');
    hold('three');
    const turnId = await prompt(id, 'three');
    const agent = last(scripted.agents);
    await agent.options.report(points('one'));
    const ended = untilTurnEnds(engine, turnId);
    await agent.options.report({ type: 'turn.ended', turnId, outcome: 'completed', point: 'after three' });
    await ended;
    expect(await shown(engine, id)).toEqual(['one', 'three']);
  });

  test('may have gone back over hundreds of turns, to the beginning, and be forked and gone back in after that', async () => {
    const { begin, prompt, run, engine, scripted } = setUp();
    const { id } = await begin(...texts(150));
    await last(scripted.agents).options.report(points());
    const one = await prompt(id, 'one');
    await prompt(id, 'two');
    expect(await shown(engine, id)).toEqual(['one', 'two']);
    const fork = resultOf<SessionView>(await run({ type: 'session.fork', sessionId: id }));
    expect(await shown(engine, fork.id)).toEqual(['one', 'two']);
    expect(await run({ type: 'session.rewind', sessionId: id, turnId: one })).toMatchObject({ ok: true });
    expect(await shown(engine, id)).toEqual(['one']);
  });

  test('that has all it is known to have changes nothing', async () => {
    const { begin, prompt, engine, scripted } = setUp();
    const { id } = await begin('one', 'two');
    void last(scripted.agents).options.report(points('zero', 'one', 'two'));
    await prompt(id, 'three');
    const { events } = await engine.readEvents(id, { after: 0, limit: 1000 });
    expect(events.filter(({ event }) => event.type === 'session.rewound')).toEqual([]);
  });

  test('whose conversation went on elsewhere while it was closed says by how many turns, once', async () => {
    const { begin, prompt, engine, scripted } = setUp();
    const { id } = await begin('one', 'two');
    const opened = { ...points('more', 'other', 'two', 'one'), isOpened: true };
    void last(scripted.agents).options.report(opened);
    void last(scripted.agents).options.report(opened);
    await prompt(id, 'three');
    // Now it has a turn after them.
    void last(scripted.agents).options.report({ ...points('three', 'more', 'other', 'two', 'one'), isOpened: true });
    await prompt(id, 'four');
    const { events } = await engine.readEvents(id, { after: 0, limit: 1000 });
    const told = events.flatMap(({ event }) => (event.type === 'notice.raised' ? [event.text] : []));
    expect(told).toEqual([expect.stringContaining('by 2 turns, which are not shown here')]);
  });
});
