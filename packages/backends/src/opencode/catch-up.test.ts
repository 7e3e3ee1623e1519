import { AppError } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { runStep } from '../agent/step.ts';
import { createPlay, say } from './__fixtures__/play.ts';
import type { OpencodeApi } from './api.ts';
import { CatchUp, type CatchUpParts } from './catch-up.ts';
import { BOUNDS } from './settings.ts';
import { updateTurn } from './state.ts';
import { translate } from './translate.ts';
import { endTurn, isInDoubt } from './turn.ts';
import { parseEvent } from './wire.ts';

interface Question {
  path: string;
  answer(value: unknown): void;
  fail(): void;
}

/** The prompt among OpenCode's messages. */
const STORED = [{ info: { id: 'msg_1', sessionID: 'ses_1', role: 'user', time: { created: 1 } }, parts: [] }];

/** A conversation with a prompt under way, on a server whose every answer the test gives. */
function begin() {
  const clock = createManualClock();
  const play = createPlay();
  play.prompt();
  const asked: Question[] = [];
  let aborted = 0;
  const api: OpencodeApi = {
    async read(path, schema) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked.push({ path, answer: resolve, fail: () => reject(new AppError('agent-unresponsive', 'No')) });
      return schema.parse(await promise);
    },
    send: async () => undefined,
    openEvents: () => Promise.reject(new Error('Nobody listens')),
  };
  const apply: CatchUpParts['apply'] = (work) => {
    const before = play.state;
    play.apply(work);
    if (isInDoubt(before) !== isInDoubt(play.state)) catchUp.watch();
  };
  const catchUp: CatchUp = new CatchUp({
    ...{ settings: { clock, bounds: BOUNDS }, cwd: '/', apply },
    api: () => api,
    read: () => play.state,
    take: (event) => apply((state, context) => translate(state, event, context)),
    abort: async () => void (aborted += 1),
  });
  function hear(...payloads: unknown[]): void {
    for (const event of payloads.map(parseEvent)) if (event !== undefined) void catchUp.hear(event);
  }
  async function next(): Promise<Question> {
    await expect.poll(() => asked.length, { interval: 1 }).toBeGreaterThan(0);
    const [question] = asked.splice(0, 1);
    if (question === undefined) throw new Error('Nothing was asked');
    return question;
  }
  /** The answers to one look, the status first. */
  async function answer(
    status: 'busy' | 'idle',
    meanwhile = (): void => undefined,
    messages: readonly unknown[] = [],
  ): Promise<void> {
    (await next()).answer(status === 'idle' ? {} : { ses_1: { type: status } });
    meanwhile();
    for (const question of [await next(), await next(), await next()]) {
      question.answer(question.path.endsWith('/message') ? messages : []);
    }
    await settle();
  }
  /** All that is asked after an answer, and after a while, has been asked. */
  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const ends = () => play.reports.flatMap((report) => (report.type === 'turn.ended' ? [report.outcome] : []));
  const aborts = () => aborted;
  return { clock, play, asked, catchUp, apply, hear, next, answer, settle, ends, aborts };
}

test('gaps during a look are one more look, and then none', async () => {
  const { asked, catchUp, answer, clock, settle } = begin();
  for (let count = 0; count < 3; count += 1) catchUp.noteGap();
  await answer('busy');
  await answer('busy');
  clock.advance(60_000);
  await settle();
  expect(asked).toEqual([]);
});

test('a server that does not answer is asked again after a while, and what it then says is the first look', async () => {
  const { asked, catchUp, hear, next, answer, clock, settle, ends } = begin();
  catchUp.noteGap();
  for (let count = 0; count < 3; count += 1) {
    (await next()).fail();
    await settle();
    expect(asked).toEqual([]);
    clock.advance(BOUNDS.settleMs);
  }
  hear(say.user('msg_1'), say.busy());
  await answer('idle');
  expect(ends()).toEqual([]);
  clock.advance(BOUNDS.settleMs);
  await answer('idle');
  expect(ends()).toEqual(['failed']);
});

test('a prompt that is stored after OpenCode said that it does nothing is about to begin', async () => {
  const { catchUp, hear, answer, clock, ends } = begin();
  catchUp.noteGap();
  await answer('idle');
  for (let looks = 0; looks < 2; looks += 1) {
    clock.advance(BOUNDS.settleMs);
    await answer('idle', undefined, STORED);
    expect(ends()).toEqual([]);
  }
  hear(say.busy(), say.answer('msg_2'), say.done('msg_2'), say.idle());
  expect(ends()).toEqual(['completed']);
});

test('an interrupt that OpenCode heard when it was busy, before it asked the model, is over when it is idle', async () => {
  const { apply, hear, answer, clock, ends } = begin();
  hear(say.user('msg_1'), say.busy());
  apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting: true })));
  clock.advance(BOUNDS.settleMs);
  await answer('idle');
  expect(ends()).toEqual(['interrupted']);
});

test('an interrupt that ended a stored prompt before OpenCode said that it is busy is over when it stays idle', async () => {
  const { apply, hear, answer, clock, ends, aborts } = begin();
  hear(say.user('msg_1'));
  apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting: true })));
  hear(say.idle());
  expect(ends()).toEqual([]);
  for (const looks of [1, 2]) {
    expect(ends()).toEqual([]);
    clock.advance(BOUNDS.settleMs);
    await answer('idle', undefined, STORED);
    // In case the one before came too early.
    expect(aborts()).toBe(looks);
  }
  expect(ends()).toEqual(['interrupted']);
});

test('an interrupted prompt that was stored right before a look may still begin', async () => {
  const { apply, catchUp, hear, answer, clock, ends } = begin();
  apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting: true })));
  catchUp.noteGap();
  await answer('idle');
  hear(say.user('msg_1'));
  clock.advance(BOUNDS.settleMs);
  await answer('idle', undefined, STORED);
  expect(ends()).toEqual([]);
  hear(say.busy(), say.idle());
  expect(ends()).toEqual(['interrupted']);
});

test.each([false, true])(
  'a prompt that is not stored yet is waited for, interrupted or not: %j',
  async (isInterrupting) => {
    const { apply, catchUp, hear, answer, clock, ends, play } = begin();
    apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting })));
    catchUp.noteGap();
    await answer('idle');
    for (let waited = 0; waited < BOUNDS.readyMs / 2; waited += BOUNDS.settleMs) {
      clock.advance(BOUNDS.settleMs);
      await answer('idle');
    }
    expect(ends()).toEqual([]);
    hear(say.user('msg_1'), say.answer('msg_2'));
    expect(play.state.turn).toMatchObject({ hasBegun: true });
    hear(say.done('msg_2'), say.idle());
    expect(ends()).toEqual([isInterrupting ? 'interrupted' : 'completed']);
  },
);

test.each([false, true])(
  'one that is never stored ends with the bound of a start, interrupted or not: %j',
  async (isInterrupting) => {
    const { apply, catchUp, answer, clock, ends } = begin();
    apply((state, context) => runStep(state, context, (step) => updateTurn(step, { isInterrupting })));
    catchUp.noteGap();
    await answer('idle');
    for (let waited = 0; waited < BOUNDS.readyMs; waited += BOUNDS.settleMs) {
      expect(ends()).toEqual([]);
      clock.advance(BOUNDS.settleMs);
      await answer('idle');
    }
    expect(ends()).toEqual([isInterrupting ? 'interrupted' : 'failed']);
  },
);

test('what was seen of one turn says nothing of the next', async () => {
  const { play, catchUp, apply, hear, answer, ends } = begin();
  hear(say.user('msg_1'), say.answer('msg_2'));
  catchUp.noteGap();
  await answer('idle', () => {
    apply((state, context) => runStep(state, context, endTurn));
    play.prompt('msg_3');
    hear(say.user('msg_3'), say.answer('msg_4'));
  });
  expect(play.state.turn).toMatchObject({ promptId: 'msg_3', hasBegun: true });
  hear(say.done('msg_4'), say.idle());
  expect(ends()).toEqual(['completed', 'completed']);
});

// A request for a folder boots it, also one that has just been let go.
test('nothing is asked or changed any more once it was stopped in the middle of a look', async () => {
  const { play, asked, catchUp, answer, clock, settle } = begin();
  catchUp.noteGap();
  catchUp.noteGap();
  const before = play.state;
  await answer('idle', () => catchUp.stop());
  clock.advance(60_000);
  await settle();
  expect(asked).toEqual([]);
  expect(play.state).toBe(before);
});
