import {
  AppError,
  type ApprovalView,
  type Command,
  createId,
  type SessionEventType,
  type SessionId,
  type SessionView,
  type TopicFrame,
} from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import {
  createFrameCollector,
  createManualClock,
  createScriptedBackend,
  type FrameCollector,
  type ScriptedBackendOptions,
} from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { foldTimeline, applyDelta, emptyTimeline } from '../projection/fold-timeline.ts';
import type { EventStore } from '../ports/event-store.ts';
import { checkInvariants } from '../session/check-invariants.ts';
import { evolve } from '../session/evolve.ts';
import { noSession } from '../session/state.ts';
import { createEngine } from './create-engine.ts';
import type { Receipt, SessionFrame } from './engine.ts';

const ada = { id: 'ada', name: 'Ada' };
const bob = { id: 'bob', name: 'Bob' };

function setUp(
  options: ScriptedBackendOptions & { store?: EventStore; resolveFolder?: (path: string) => Promise<string> } = {},
) {
  const store = options.store ?? createMemoryStore();
  const clock = createManualClock();
  const scripted = createScriptedBackend(options);
  const faults: unknown[] = [];
  const engine = createEngine({
    store,
    clock,
    backends: () => [scripted.backend],
    resolveFolder: options.resolveFolder ?? ((path) => Promise.resolve(path)),
    onFault: (error) => faults.push(error),
  });
  const run = (command: Command, commandId: string = createId('command'), actor = ada) =>
    engine.execute(command, { commandId, actor });
  async function create(prompt?: string): Promise<SessionView> {
    const input = prompt === undefined ? {} : { prompt: [{ type: 'text' as const, text: prompt }] };
    return resultOf(await run({ type: 'session.create', backend: 'scripted', cwd: '/w', ...input }));
  }
  function follow(sessionId: SessionId, after = 0): FrameCollector<SessionFrame> & { drained(): void } {
    const sink = createFrameCollector<SessionFrame>();
    const subscription = engine.subscribe({ sessionId, after, sink });
    return Object.assign(sink, { drained: subscription.drained });
  }
  return { store, clock, scripted, engine, run, create, follow, faults };
}

function resultOf<T>(receipt: Receipt): T {
  if (!receipt.ok) throw new Error(receipt.error.detail);
  return receipt.result as T;
}

const isEvent = (type: SessionEventType) => (frame: SessionFrame) =>
  frame.type === 'event' && frame.event.type === type;
const prompt = (sessionId: SessionId, text = 'go'): Command => ({
  type: 'turn.start',
  sessionId,
  input: [{ type: 'text', text }],
});
const seqs = (sink: FrameCollector<SessionFrame>) =>
  sink.frames.flatMap((frame) => (frame.type === 'event' ? [frame.seq] : []));

describe('a command', () => {
  test('with the same id twice has one effect and the same receipt', async () => {
    const { run, create, engine } = setUp();
    const { id } = await create();
    const [first, second] = await Promise.all([run(prompt(id), 'cmd_1'), run(prompt(id), 'cmd_1')]);
    expect(await run(prompt(id), 'cmd_1')).toEqual(first);
    expect(second).toEqual(first);
    const { events } = await engine.readEvents(id, { after: 0, limit: 100 });
    expect(events.filter(({ event }) => event.type === 'turn.started')).toHaveLength(1);
  });

  test('under an id that another command has is a conflict, at once and for ever, and changes nothing', async () => {
    const { run, create, engine } = setUp();
    const { id } = await create();
    const [first, other] = await Promise.all([run(prompt(id, 'one'), 'cmd_1'), run(prompt(id, 'two'), 'cmd_1')]);
    const conflict = { ok: false, error: { kind: 'conflict', status: 409 } };
    expect(other).toMatchObject(conflict);
    expect(await run({ type: 'turn.interrupt', sessionId: id }, 'cmd_1')).toMatchObject(conflict);
    expect(await run(prompt(id, 'one'), 'cmd_1')).toEqual(first);
    const { events } = await engine.readEvents(id, { after: 0, limit: 100 });
    expect(events.filter(({ event }) => event.type.startsWith('turn.'))).toHaveLength(1);
  });

  test('that was refused is refused again when the state has changed', async () => {
    const { run, create } = setUp();
    const { id } = await create();
    const interrupt: Command = { type: 'turn.interrupt', sessionId: id };
    expect(await run(interrupt, 'cmd_1')).toMatchObject({ ok: false, error: { kind: 'turn-not-running' } });
    await run(prompt(id));
    expect(await run(interrupt, 'cmd_1')).toMatchObject({ ok: false, error: { kind: 'turn-not-running' } });
  });

  test('for an unknown session, approval or backend says so', async () => {
    const { run } = setUp();
    expect(await run(prompt('ses_nobody' as SessionId))).toMatchObject({ error: { kind: 'not-found', status: 404 } });
    const answer = { type: 'approval.answer', approvalId: createId('approval'), option: 'x' } as const;
    expect(await run(answer)).toMatchObject({ error: { kind: 'not-found' } });
    const create = { type: 'session.create', backend: 'other', cwd: '/w' } as const;
    expect(await run(create)).toMatchObject({ error: { kind: 'invalid-input' } });
    expect(await run({ ...create, backend: 'scripted', mode: 'yolo' })).toMatchObject({
      error: { kind: 'invalid-input' },
    });
  });

  test('to create on an agent that is not installed is refused with what to do', async () => {
    const { run } = setUp({ view: { installed: false, problem: 'Install it with npm' } });
    const receipt = await run({ type: 'session.create', backend: 'scripted', cwd: '/w' });
    expect(receipt).toMatchObject({ error: { kind: 'backend-not-installed', status: 424 } });
  });
});

describe('a session', () => {
  test('streams a turn to a subscriber whose fold is the same as one from the log', async () => {
    const { scripted, create, follow, engine } = setUp();
    const { id } = await create('hello');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.say(turnId, 'Hel', 'lo ', 'there');
    agent.end(turnId);
    await sink.until(isEvent('turn.ended'));
    let live = emptyTimeline;
    for (const frame of sink.frames) {
      if (frame.type === 'event') live = foldTimeline(live, frame);
      if (frame.type === 'delta') live = applyDelta(live, frame);
    }
    const { events, seq } = await engine.readEvents(id, { after: 0, limit: 100 });
    expect(events.reduce(foldTimeline, emptyTimeline)).toEqual(live);
    expect(events.map((each) => each.seq)).toEqual(events.map((_, index) => index + 1));
    expect(seqs(sink)).toEqual(events.map((each) => each.seq));
    expect(live.turns[0]?.items[0]?.item).toEqual({ type: 'agent-message', text: 'Hello there' });
    expect(await engine.readView(id)).toMatchObject({ state: 'idle', seq, title: 'hello', preview: 'Hello there' });
    const state = events.reduce(evolve, noSession);
    expect(
      checkInvariants(
        events.map(({ event }) => event),
        state,
      ),
    ).toEqual([]);
  });

  test('gives who comes mid-item the text so far from offset 0', async () => {
    const { scripted, create, follow } = setUp();
    const { id } = await create('hello');
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const itemId = createId('item');
    const early = follow(id);
    await early.until((frame) => frame.type === 'caught-up');
    await agent.report({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
    await agent.report({ type: 'item.delta', itemId, field: 'text', text: 'so far' });
    await early.until((frame) => frame.type === 'delta');
    const late = follow(id);
    const delta = await late.until((frame) => frame.type === 'delta');
    expect(delta).toMatchObject({ offset: 0, text: 'so far', field: 'text' });
    await agent.report({ type: 'item.delta', itemId, field: 'text', text: ', more' });
    for (const sink of [early, late]) {
      expect(await sink.until((frame) => frame.type === 'delta' && frame.offset === 6)).toMatchObject({
        text: ', more',
      });
    }
  });

  test('drops a consumer without room to catching up, and loses it nothing', async () => {
    const { scripted, create, follow } = setUp();
    const { id } = await create('hello');
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const slow = follow(id);
    const fast = follow(id);
    await slow.until((frame) => frame.type === 'caught-up');
    slow.room = false;
    for (let index = 0; index < 50; index += 1) agent.say(turnId, 'a', 'b');
    const itemId = createId('item');
    void agent.report({ type: 'item.started', turnId, itemId, item: { type: 'reasoning', text: '' } });
    void agent.report({ type: 'item.delta', itemId, field: 'text', text: '12345' });
    await fast.until((frame) => frame.type === 'delta' && frame.itemId === itemId);
    const held = slow.frames.length;
    expect(held).toBeLessThan(20);
    slow.room = true;
    slow.drained();
    await slow.until((frame) => frame.type === 'delta' && frame.itemId === itemId);
    expect(seqs(slow)).toEqual(seqs(fast));
    expect(slow.frames.filter((frame) => frame.type === 'caught-up')).toHaveLength(1);
  });

  test('tells a client that knows more than the log to start again', async () => {
    const { create, follow } = setUp();
    const { id } = await create();
    expect(await follow(id, 900).until(() => true)).toMatchObject({ type: 'reset', sessionId: id });
  });

  test('that does not exist is an error frame', async () => {
    const { follow } = setUp();
    const frame = await follow('ses_nobody' as SessionId).until(() => true);
    expect(frame).toMatchObject({ type: 'error', error: { kind: 'not-found' } });
  });

  test('runs queued turns in order', async () => {
    const { scripted, create, run, follow } = setUp();
    const { id } = await create('one');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    const first = await agent.nextPrompt();
    expect(resultOf(await run(prompt(id, 'two')))).toMatchObject({ state: 'queued' });
    expect(resultOf(await run(prompt(id, 'three')))).toMatchObject({ state: 'queued' });
    agent.end(first.turnId);
    const second = await agent.nextPrompt();
    agent.end(second.turnId);
    const third = await agent.nextPrompt();
    agent.end(third.turnId);
    await sink.until(
      (frame) =>
        isEvent('turn.ended')(frame) &&
        frame.type === 'event' &&
        'turnId' in frame.event &&
        frame.event.turnId === third.turnId,
    );
    expect(agent.prompts.map(({ input }) => input[0])).toMatchObject([
      { text: 'one' },
      { text: 'two' },
      { text: 'three' },
    ]);
  });
});

describe('an approval', () => {
  test('reaches the agent once; who comes second is told who was first', async () => {
    const { scripted, create, run, engine } = setUp();
    const { id } = await create('go');
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const approvalId = agent.ask(turnId);
    const answer = { type: 'approval.answer', approvalId, option: 'allow' } as const;
    while ((await engine.readView(id))?.state !== 'waiting') await Promise.resolve();
    const view: ApprovalView = resultOf(await run(answer, 'cmd_a', bob));
    expect(view).toMatchObject({ id: approvalId, state: 'answered', option: 'allow', by: 'bob' });
    const second = await run({ ...answer, option: 'deny' }, 'cmd_b', ada);
    expect(second).toMatchObject({ error: { kind: 'approval-already-answered', answeredBy: 'bob' } });
    expect(agent.approvals).toMatchObject([{ approvalId, option: 'allow' }]);
  });

  test('that cannot be delivered is said in a notice', async () => {
    const refuse = () => Promise.reject(new AppError('agent-exited', 'the pipe is closed'));
    const { scripted, create, run, follow } = setUp({ session: { answerApproval: refuse } });
    const { id } = await create('go');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const approvalId = agent.ask(turnId);
    await sink.until(isEvent('approval.requested'));
    await run({ type: 'approval.answer', approvalId, option: 'allow' });
    const notice = await sink.until(isEvent('notice.raised'));
    expect(notice).toMatchObject({ event: { level: 'error', text: expect.stringContaining('the pipe is closed') } });
  });
});

describe('an interrupt', () => {
  test('that the agent does not honour ends its process and lets the queue go on', async () => {
    const { scripted, create, run, follow, clock } = setUp();
    const { id } = await create('one');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    await run(prompt(id, 'two'));
    await run({ type: 'turn.interrupt', sessionId: id });
    await agent.nextInterrupt();
    clock.advance(10_000);
    const ended = await sink.until(isEvent('turn.ended'));
    expect(ended).toMatchObject({ event: { outcome: 'interrupted' } });
    const next = await scripted.nextAgent();
    expect(await next.nextPrompt()).toMatchObject({ input: [{ text: 'two' }] });
    expect(agent.stopped).toBe(true);
  });
});

describe('a dying agent', () => {
  test('fails its turn, and the next prompt resumes the same conversation', async () => {
    const { scripted, create, run, follow, engine } = setUp();
    const { id } = await create('one');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    agent.crash();
    expect(await sink.until(isEvent('turn.ended'))).toMatchObject({
      event: { outcome: 'failed', error: { kind: 'agent-exited' } },
    });
    await sink.until(isEvent('agent.exited'));
    expect(await engine.readView(id)).toMatchObject({ state: 'failed' });
    await run(prompt(id, 'again'));
    const next = await scripted.nextAgent();
    expect(next.options.nativeId).toBe(`native-${id}`);
    expect(await next.nextPrompt()).toMatchObject({ input: [{ text: 'again' }] });
    agent.say((await Promise.resolve(agent.prompts[0]))?.turnId ?? failWith(), 'a ghost');
    expect(sink.frames.some((frame) => JSON.stringify(frame).includes('a ghost'))).toBe(false);
  });

  test('that cannot be opened fails the session with the reason', async () => {
    const { create, follow } = setUp({
      onOpen: (agent) =>
        void agent.report({
          type: 'agent.exited',
          code: null,
          signal: null,
          expected: false,
          failure: { kind: 'backend-not-authenticated', message: 'Sign in first' },
        }),
    });
    const { id } = await create('one');
    const sink = follow(id);
    const ended = await sink.until(isEvent('turn.ended'));
    expect(ended).toMatchObject({ event: { outcome: 'failed', error: { kind: 'backend-not-authenticated' } } });
  });
});

describe('an agent whose folder has changed', () => {
  test.each([
    ['leads elsewhere', () => Promise.resolve('/etc'), 'forbidden'],
    ['is gone', () => Promise.reject(new AppError('invalid-input', 'there is no such folder')), 'invalid-input'],
  ])('because it %s does not start there', async (_, change, kind) => {
    let resolve = (path: string) => Promise.resolve(path);
    const { create, run, follow, scripted } = setUp({ resolveFolder: (path) => resolve(path) });
    const { id } = await create();
    const agent = await scripted.nextAgent();
    await run({ type: 'session.stop', sessionId: id });
    resolve = change;
    const sink = follow(id);
    await sink.until(isEvent('agent.exited'));
    await run(prompt(id));
    expect(await sink.until(isEvent('turn.ended'))).toMatchObject({ event: { outcome: 'failed', error: { kind } } });
    expect(scripted.agents).toEqual([agent]);
  });
});

describe('a server', () => {
  test('that died mid-turn settles it at the next start, keeps the streamed text, and lets the queue go on', async () => {
    const first = setUp();
    const { id } = await first.create('one');
    const sink = first.follow(id);
    const agent = await first.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const itemId = createId('item');
    void agent.report({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
    void agent.report({ type: 'item.delta', itemId, field: 'text', text: 'half a sen' });
    await sink.until((frame) => frame.type === 'delta');
    first.clock.advance(1000);
    await first.run(prompt(id, 'two'));
    const second = setUp({ store: first.store });
    await second.engine.recover();
    const next = await second.scripted.nextAgent();
    expect(await next.nextPrompt()).toMatchObject({ input: [{ text: 'two' }] });
    const { events } = await second.engine.readEvents(id, { after: 0, limit: 100 });
    expect(events.find(({ event }) => event.type === 'item.ended')).toMatchObject({
      event: { item: { text: 'half a sen' } },
    });
    expect(events.find(({ event }) => event.type === 'turn.ended')).toMatchObject({
      event: { outcome: 'failed', error: { kind: 'server-restarted' } },
    });
    const state = events.reduce(evolve, noSession);
    expect(
      checkInvariants(
        events.map(({ event }) => event),
        state,
      ),
    ).toEqual([]);
  });

  test('that stops in order settles what runs and refuses what comes', async () => {
    const { engine, create, run, scripted } = setUp();
    const { id } = await create('one');
    const agent = await scripted.nextAgent();
    await agent.nextPrompt();
    await engine.stop();
    expect(agent.stopped).toBe(true);
    expect(await engine.readView(id)).toMatchObject({ state: 'stopped', failure: { kind: 'server-restarted' } });
    expect(await run(prompt(id))).toMatchObject({ error: { kind: 'shutting-down', status: 503 } });
  });

  test('whose disk is full refuses commands at once, holds what the agent says, and goes on when there is room', async () => {
    const inner = createMemoryStore();
    let full = false;
    const store = new Proxy(inner, {
      get(target, key: keyof EventStore) {
        if (key === 'append' && full) return () => Promise.reject(new AppError('disk-full', 'no space'));
        return target[key].bind(target);
      },
    });
    const { scripted, create, run, follow, clock, engine } = setUp({ store });
    const { id } = await create('one');
    const sink = follow(id);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    full = true;
    expect(await run(prompt(id, 'two'))).toMatchObject({ error: { kind: 'disk-full', status: 507 } });
    agent.say(turnId, 'held');
    agent.end(turnId);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await run(prompt(id, 'three'))).toMatchObject({ error: { kind: 'disk-full' } });
    expect((await engine.readEvents(id, { after: 0, limit: 100 })).events.length).toBeGreaterThan(2);
    full = false;
    clock.advance(1000);
    await sink.until(isEvent('turn.ended'));
    expect(resultOf(await run(prompt(id, 'four')))).toMatchObject({ state: 'started' });
  });
});

describe('topics', () => {
  test('sessions gives a snapshot, then changes, then what was deleted', async () => {
    const { engine, create, clock } = setUp();
    const { id } = await create();
    const sink = createFrameCollector<TopicFrame>();
    engine.watch({ topic: 'sessions', sink });
    expect(await sink.until(() => true)).toMatchObject({ data: { kind: 'snapshot', sessions: [{ id }] } });
    const other = await create('two');
    clock.advance(100);
    await sink.until(
      (frame) => frame.topic === 'sessions' && frame.data.kind === 'changed' && frame.data.session.id === other.id,
    );
    await engine.deleteSession(id, ada);
    await sink.until(
      (frame) => frame.topic === 'sessions' && frame.data.kind === 'deleted' && frame.data.sessionId === id,
    );
    expect(await engine.readView(id)).toBeUndefined();
  });

  test('approvals gives the whole inbox whenever it changes', async () => {
    const { engine, create, clock, scripted, follow, run } = setUp();
    const { id } = await create('go');
    const events = follow(id);
    const sink = createFrameCollector<TopicFrame>();
    engine.watch({ topic: 'approvals', sink });
    await sink.until(() => true);
    const agent = await scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const approvalId = agent.ask(turnId);
    await events.until(isEvent('approval.requested'));
    clock.advance(100);
    await sink.until((frame) => frame.topic === 'approvals' && frame.data.approvals[0]?.id === approvalId);
    await run({ type: 'approval.answer', approvalId, option: 'deny', note: 'no' });
    clock.advance(100);
    await sink.until(
      (frame) => frame.topic === 'approvals' && frame.data.approvals.length === 0 && sink.frames.indexOf(frame) > 0,
    );
  });
});

function failWith(): never {
  throw new Error('nothing there');
}
