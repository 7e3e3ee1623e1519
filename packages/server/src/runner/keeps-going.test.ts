import { setImmediate } from 'node:timers/promises';
import type { SessionId, SessionView } from '@baton/protocol';
import { AppError, createId, type TurnId } from '@baton/protocol';
import { createManualClock, type ManualClock, type ScriptedAgent } from '@baton/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRunnerRig, type RunnerHere, type ServerHere } from './__fixtures__/runner-rig.ts';

const STEPS = [
  ...(['prompt', 'prompt', 'prompt', 'stop', 'start', 'interrupt', 'configure'] as const),
  ...(['answer', 'answer', 'agent dies', 'runner dies', 'runner dies', 'runner hangs'] as const),
  ...(['no runner starts', 'store is slow', 'store fails', 'next server'] as const),
  ...(['a moment', 'a while', 'a while', 'a second', 'a second', 'ten seconds'] as const),
];
type Step = readonly [(typeof STEPS)[number], number];
/** What once left a session where it was. */
const FOUND: readonly (readonly Step[])[] = [
  // What the agent had said before was lost with the old server, and what it said after that was taken down.
  [
    ['store fails', 2],
    ['prompt', 0],
    ['prompt', 1],
    ['prompt', 0],
    ['answer', 2],
    ['next server', 3],
  ],
  // The next server could not write down what was left, and nobody tried again.
  [
    ['store fails', 1],
    ['next server', 0],
    ['prompt', 0],
    ['prompt', 0],
    ['store fails', 2],
    ['agent dies', 0],
    ['a second', 0],
  ],
];
const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom(...STEPS), fc.integer({ min: 0, max: 4 }));

/** One session on runners and servers that come to harm, with somebody who asks it for something now and then. */
class Story {
  readonly #rig = createRunnerRig({ startsRunners: true });
  readonly #answered = new Set<TurnId>();
  #server: ServerHere | undefined;
  #id: SessionId | undefined;
  readonly #asked: Promise<unknown>[] = [];
  #slow = 0;
  #failing = 0;

  async begin(): Promise<void> {
    const append = this.#rig.store.append.bind(this.#rig.store);
    this.#rig.store.append = async (request) => {
      for (let turns = this.#slow; turns > 0; turns -= 1) await setImmediate();
      if (this.#failing > 0) {
        this.#failing -= 1;
        throw new AppError('disk-full', 'There is no room');
      }
      return append(request);
    };
    this.#server = await this.#rig.serve();
    this.#id = (await this.#server.create('begin')).id;
  }

  get #here(): ServerHere {
    if (this.#server === undefined) throw new Error('it has not begun');
    return this.#server;
  }

  get #sessionId(): SessionId {
    if (this.#id === undefined) throw new Error('it has not begun');
    return this.#id;
  }

  get #runner(): RunnerHere | undefined {
    return this.#rig.runners.at(-1);
  }

  async take([what, turns]: Step): Promise<void> {
    const sessionId = this.#sessionId;
    switch (what) {
      case 'prompt':
        this.#ask({ type: 'turn.start', sessionId, input: [{ type: 'text', text: 'go on' }] });
        break;
      case 'stop':
      case 'start':
        this.#ask({ type: `session.${what}`, sessionId });
        break;
      case 'interrupt':
        this.#ask({ type: 'turn.interrupt', sessionId });
        break;
      case 'configure':
        this.#ask({ type: 'session.configure', sessionId, mode: turns % 2 === 0 ? 'plan' : 'default' });
        break;
      case 'answer':
        this.answer();
        break;
      case 'agent dies':
        this.#agents().at(-1)?.crash();
        break;
      case 'runner dies':
        this.#runner?.die();
        break;
      case 'runner hangs':
        this.#runner?.freeze();
        break;
      case 'no runner starts':
        this.#rig.refuseRunners(1 + turns);
        break;
      case 'store is slow':
        this.#slow = turns;
        break;
      case 'store fails':
        this.#failing = Math.min(turns, 2);
        break;
      case 'next server':
        await this.#changeServer();
        break;
      case 'a moment':
        break;
      case 'a while':
        for (let left = 50; left > 0; left -= 1) await setImmediate();
        break;
      case 'a second':
        this.#here.clock.advance(1000);
        break;
      case 'ten seconds':
        for (let seconds = 0; seconds < 10; seconds += 1) this.#here.clock.advance(1000);
    }
    for (let left = turns; left > 0; left -= 1) await setImmediate();
  }

  async #changeServer(): Promise<void> {
    await passTime(this.#here.clock, this.#here.engine.stop({ agents: 'leave' }));
    const clock = createManualClock();
    this.#server = await passTime(clock, this.#rig.serve({}, clock));
  }

  #ask(command: Parameters<ServerHere['run']>[0]): void {
    // A refusal is an answer, too.
    this.#asked.push(this.#here.run(command).catch(() => undefined));
  }

  #agents(): readonly ScriptedAgent[] {
    return this.#rig.runners.flatMap(({ scripted }) => scripted.agents);
  }

  /** Every agent does what it was asked; one that is gone says nothing that anybody hears. */
  answer(): void {
    for (const agent of this.#agents()) {
      for (const { turnId } of agent.prompts) {
        if (this.#answered.has(turnId)) continue;
        this.#answered.add(turnId);
        agent.say(turnId, 'done');
        agent.end(turnId);
      }
    }
  }

  /** Nothing goes wrong any more: whether it comes to this within some minutes of its clock. */
  async reaches(isThere: (view: SessionView) => boolean): Promise<boolean> {
    this.#failing = 0;
    this.#rig.refuseRunners(0);
    await passTime(this.#here.clock, Promise.all(this.#asked.splice(0)));
    for (let seconds = 0; seconds < 600; seconds += 1) {
      const view = await this.#here.engine.readView(this.#sessionId);
      if (view !== undefined && isThere(view)) return true;
      this.answer();
      await this.#passSecond();
    }
    return false;
  }

  async #passSecond(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    this.#here.clock.advance(1000);
  }

  async lastAnswer(): Promise<boolean> {
    const turnId = createId('turn');
    const input = [{ type: 'text' as const, text: 'the last' }];
    // Asked again until it is taken down, as somebody would who is told that the disk is full.
    const ask = () => this.#here.run({ type: 'turn.start', sessionId: this.#sessionId, turnId, input });
    for (
      let tries = 0;
      tries < 5 &&
      !(await ask().then(
        () => true,
        () => false,
      ));
      tries += 1
    )
      await this.#passSecond();
    return this.reaches(({ turn, queue }) => turn === undefined && queue.every((each) => each.turnId !== turnId));
  }

  /** What its user sees of it. */
  async tell(): Promise<string> {
    const { engine } = this.#here;
    const { events } = await engine.readEvents(this.#sessionId, { after: 0, limit: 500 });
    const view = await engine.readView(this.#sessionId);
    const told = events.map(({ event }) => ('text' in event ? `${event.type} ${event.text}` : event.type));
    return JSON.stringify(
      { state: view?.state, queue: view?.queue.length, line: engine.listQueue().items, told },
      null,
      1,
    );
  }

  /** No prompt came to two agents, and to none twice. */
  get doubled(): readonly string[] {
    const asked = this.#agents().flatMap(({ prompts }) => prompts.map(({ turnId }) => turnId));
    return asked.filter((turnId, index) => asked.indexOf(turnId) !== index);
  }
}

/** What waits for an answer that does not come gives it up. */
async function passTime<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  for (let turns = 1; !isOver; turns += 1) {
    await setImmediate();
    if (turns % 50 === 0) clock.advance(1000);
  }
  return done;
}

test('whatever dies: a session with something to do gets going again by itself, and one that is asked answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const story = new Story();
      await story.begin();
      for (const each of steps) await story.take(each);
      // Stopped and failed hold what waits, which their reasons say.
      const isAtRest = ({ state, turn, queue }: SessionView) =>
        turn === undefined && (queue.length === 0 ? state !== 'starting' : state === 'stopped' || state === 'failed');
      expect((await story.reaches(isAtRest)) || (await story.tell())).toBe(true);
      expect((await story.lastAnswer()) || (await story.tell())).toBe(true);
      expect(story.doubled).toEqual([]);
    }),
    { numRuns: 120, examples: FOUND.map((steps) => [[...steps]]) },
  );
});
