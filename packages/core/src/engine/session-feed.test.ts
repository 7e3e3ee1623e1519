import { createId, type ItemId, type SessionId, type SessionView } from '@baton/protocol';
import { createMemoryStore } from '@baton/store';
import { createFaultyStore, createManualClock, createScriptedBackend, type ScriptedAgent } from '@baton/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventStore } from '../ports/event-store.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, FrameSink, SessionFrame, Subscription } from './engine.ts';

const actor = { id: 'ada', name: 'Ada' };
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start(inner: EventStore) {
  const scripted = createScriptedBackend();
  const { store } = createFaultyStore(inner);
  const resolveFolder = (path: string) => Promise.resolve(path);
  const engine = createEngine({ store, clock: createManualClock(), backends: () => [scripted.backend], resolveFolder });
  return { engine, scripted };
}

/** A log that is partly of an earlier life, so that its readers need the store as well as what was published last. */
async function startWithPast() {
  const store = createMemoryStore();
  const past = start(store);
  const command = { type: 'session.create', backend: 'scripted', cwd: '/w' } as const;
  const receipt = await past.engine.execute(command, { commandId: createId('command'), actor });
  const { id: sessionId } = (receipt.ok ? receipt.result : undefined) as SessionView;
  await past.scripted.nextAgent();
  await settled();
  await past.engine.stop();
  const now = start(store);
  const input = [{ type: 'text' as const, text: 'go' }];
  await now.engine.execute({ type: 'turn.start', sessionId, input }, { commandId: createId('command'), actor });
  const agent = await now.scripted.nextAgent();
  const { turnId } = await agent.nextPrompt();
  const itemId = createId('item');
  void agent.report({ type: 'item.started', turnId, itemId, item: { type: 'agent-message', text: '' } });
  return { ...now, sessionId, agent, itemId };
}

/** A consumer that comes, goes and stalls, and notes what it was given and whether it was spoken to without having room. */
class Follower {
  readonly seqs: number[] = [];
  readonly faults: string[] = [];
  text = '';
  room = true;
  #full = false;
  #subscription: Subscription | undefined;
  readonly #subscribe: (after: number, sink: FrameSink<SessionFrame>) => Subscription;

  constructor(engine: Engine, sessionId: SessionId) {
    this.#subscribe = (after, sink) => engine.subscribe({ sessionId, after, sink });
    this.open();
  }

  open(): void {
    this.close();
    this.text = '';
    this.#full = false;
    let closed = false;
    const subscription = this.#subscribe(this.seqs.at(-1) ?? 0, {
      send: (frame) => {
        if (closed) this.faults.push(`${frame.type} after close`);
        if (this.#full) this.faults.push(`${frame.type} without room`);
        if (frame.type === 'event') this.seqs.push(frame.seq);
        if (frame.type === 'delta') this.#grow(frame);
        this.#full = !this.room;
        return this.room;
      },
    });
    this.#subscription = {
      drained: subscription.drained,
      close() {
        closed = true;
        subscription.close();
      },
    };
  }

  drain(): void {
    this.#full = false;
    this.#subscription?.drained();
  }

  /** Stays where it is, or comes back. */
  goOn(): void {
    if (this.#subscription === undefined) this.open();
    else this.drain();
  }

  close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  #grow({ offset, text }: { offset: number; text: string }): void {
    if (offset !== this.text.length) this.faults.push(`a delta at ${offset} after ${this.text.length} characters`);
    this.text += text;
  }
}

const who = fc.constantFrom<0 | 1>(0, 1);
const anyMove = fc.oneof(
  fc.record({ type: fc.constant('events' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('text' as const) }),
  fc.record({ type: fc.constantFrom('drain' as const, 'close' as const, 'open' as const), who }),
  fc.record({ type: fc.constant('room' as const), who, room: fc.boolean() }),
  fc.record({ type: fc.constant('tick' as const), hops: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ type: fc.constant('rest' as const) }),
);

function move(follower: Follower, each: { type: 'drain' | 'close' | 'open' } | { type: 'room'; room: boolean }): void {
  if (each.type === 'room') follower.room = each.room;
  else follower[each.type]();
}

function printLines(agent: ScriptedAgent, count: number): void {
  for (let index = 0; index < count; index += 1) {
    void agent.report({ type: 'agent.output', stream: 'stderr', text: `line ${index}` });
  }
}

function write(agent: ScriptedAgent, itemId: ItemId): string {
  const text = 'word ';
  void agent.report({ type: 'item.delta', itemId, field: 'text', text });
  return text;
}

async function tick(hops: number): Promise<void> {
  for (let hop = 0; hop < hops; hop += 1) await Promise.resolve();
}

test('two consumers that stall, drain, leave and come back are each given every event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { minLength: 10, maxLength: 80, size: 'max' }), async (moves) => {
      const { engine, sessionId, agent, itemId } = await startWithPast();
      const followers = [new Follower(engine, sessionId), new Follower(engine, sessionId)] as const;
      let text = '';
      for (const each of moves) {
        if (each.type === 'events') printLines(agent, each.count);
        else if (each.type === 'text') text += write(agent, itemId);
        else if (each.type === 'tick') await tick(each.hops);
        else if (each.type === 'rest') await settled();
        else move(followers[each.who], each);
      }
      for (const follower of followers) {
        follower.room = true;
        follower.goOn();
      }
      await settled();
      await settled();
      const { events } = await engine.readEvents(sessionId, { after: 0, limit: 1000 });
      for (const follower of followers) {
        expect(follower.faults).toEqual([]);
        expect(follower.seqs).toEqual(events.map((event) => event.seq));
        expect(follower.text).toBe(text);
      }
      for (const follower of followers) follower.close();
      expect(engine.stats().subscriptions).toBe(0);
    }),
    { numRuns: 200 },
  );
});
