import { createEngine, type Backend, type Engine } from '@baton/core';
import { type Command, createId, type SessionId, type SessionView, type TurnId } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { createMemoryStore } from '@baton/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Place,
  VERSIONS,
  createPlace,
  executableOf,
  toTestEnvironment,
} from './claude/__fixtures__/open-claude.ts';
import { lastConversation } from './claude/__fixtures__/read-conversation.ts';
import { systemClock } from './agent/system-clock.ts';
import { createClaudeBackend, createWorkerBackend } from './index.ts';

const SCENARIO = `
title: Something to branch
turns:
  - when: wait for me
    steps:
      - call: { tool: run, input: { command: "sleep 1; echo over", description: Wait } }
      - say: It is over.
  - steps: [{ say: Heard. }]
`;
const serverMarker = `branching-${process.pid}`;

type Create = (env: Record<string, string>) => Backend;
const agents: { name: string; mode: string; create: Create }[] = [
  ...VERSIONS.map(({ version, program }) => ({
    name: `Claude Code ${version}`,
    mode: 'bypassPermissions',
    create: (env: Record<string, string>) =>
      createClaudeBackend({ env, serverMarker, executable: executableOf(program) }),
  })),
  {
    name: 'Worker',
    mode: 'bypass',
    create: (env) => createWorkerBackend({ env, serverMarker, clock: systemClock, version: '0.0.0-test' }),
  },
];

let rehearsal: Rehearsal;
let place: Place;
let engine: Engine;
let store: ReturnType<typeof createMemoryStore>;

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'branching' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
  store = createMemoryStore();
});
afterEach(async () => {
  await engine.stop();
  await place.remove();
});

function start(create: Create): void {
  const backend = create({ ...toTestEnvironment(place, rehearsal), IS_SANDBOX: '1' });
  engine = createEngine({
    ...{ store, clock: systemClock, backends: () => [backend], resolveFolder: (path) => Promise.resolve(path) },
    onFault: (error) => {
      throw error;
    },
  });
}

async function run(command: Command): Promise<SessionView> {
  const receipt = await engine.execute(command, { commandId: createId('command'), actor: { id: 'ada', name: 'Ada' } });
  if (!receipt.ok) throw new Error(receipt.error.detail);
  return receipt.result as SessionView;
}

/** Resolves when one of the events fits that are recorded from now on. */
function hears(fits: (event: Awaited<ReturnType<Engine['readEvents']>>['events'][number]['event']) => boolean) {
  return new Promise<void>((resolve) => {
    const end = engine.onRecorded((recorded) => {
      if (!recorded.some(({ event }) => fits(event))) return;
      end();
      resolve();
    });
  });
}

async function say(sessionId: SessionId, text: string): Promise<TurnId> {
  const turnId = createId('turn');
  const ended = hears((event) => event.type === 'turn.ended' && event.turnId === turnId);
  await run({ type: 'turn.start', sessionId, turnId, input: [{ type: 'text', text }] });
  await ended;
  return turnId;
}

const WORDS = ['apple', 'pear', 'plum', 'cherry', 'quince'];
/** Which of the words the model was sent last, in order. */
const heard = () => {
  const text = lastConversation(rehearsal);
  const places = WORDS.flatMap((word) => (text.includes(word) ? [{ word, at: text.indexOf(word) }] : []));
  return places.toSorted((left, right) => left.at - right.at).map(({ word }) => word);
};

// Each starts a handful of real processes, one after another.
describe.each(agents)('$name', ({ mode, create }) => {
  const open = () => run({ type: 'session.create', backend: create({}).id, cwd: place.cwd, mode });

  test('branches at an earlier turn, and the branch branches again', async () => {
    start(create);
    const { id } = await open();
    const first = await say(id, 'apple');
    await say(id, 'pear');
    const fork = await run({ type: 'session.fork', sessionId: id, turnId: first });
    const own = await say(fork.id, 'plum');
    expect(heard()).toEqual(['apple', 'plum']);
    const second = await run({ type: 'session.fork', sessionId: fork.id, turnId: first });
    await say(second.id, 'cherry');
    expect(heard()).toEqual(['apple', 'cherry']);
    const third = await run({ type: 'session.fork', sessionId: fork.id, turnId: own });
    await say(third.id, 'quince');
    expect(heard()).toEqual(['apple', 'plum', 'quince']);
    await say(id, 'cherry');
    expect(heard()).toEqual(['apple', 'pear', 'cherry']);
  });

  test('goes back, and stays there when the process and the server start again', async () => {
    start(create);
    const { id } = await open();
    const first = await say(id, 'apple');
    await say(id, 'pear');
    await run({ type: 'session.rewind', sessionId: id, turnId: first });
    await say(id, 'plum');
    expect(heard()).toEqual(['apple', 'plum']);
    await engine.stop();
    start(create);
    await engine.recover();
    const last = await say(id, 'cherry');
    expect(heard()).toEqual(['apple', 'plum', 'cherry']);
    await run({ type: 'session.rewind', sessionId: id, turnId: first });
    await engine.stop();
    start(create);
    await engine.recover();
    await say(id, 'quince');
    expect(heard()).toEqual(['apple', 'quince']);
    await expect(run({ type: 'session.rewind', sessionId: id, turnId: last })).rejects.toThrow('taken back');
  });

  test('reads what is added to a running turn in that turn', async () => {
    start(create);
    const { id } = await open();
    const began = hears((event) => event.type === 'item.started' && event.item.type === 'tool-call');
    const turn = say(id, 'Please wait for me');
    await began;
    await run({ type: 'turn.steer', sessionId: id, input: [{ type: 'text', text: 'apple' }] });
    await turn;
    expect(heard()).toEqual(['apple']);
    const { events } = await engine.readEvents(id, { after: 0, limit: 1000 });
    expect(events.filter(({ event }) => event.type === 'turn.started')).toHaveLength(1);
    expect(events.filter(({ event }) => event.type === 'notice.raised' && event.level !== 'info')).toEqual([]);
  });
});
