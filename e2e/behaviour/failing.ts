import { parseScenario, type Scenario } from '@baton/rehearsal';
import { expect } from 'vitest';
import { drive } from '../harness/drive.ts';
import { callsOf, eventsOf, type Stage } from './stage.ts';

const FLOOD = parseScenario(`
title: Ten megabytes
turns:
  - steps:
      - call: { tool: run, input: { command: "head -c 10485760 /dev/zero | tr '\\\\0' x | fold -w 100", description: Print a lot } }
      - say: That was a lot.
`);

const BUSY = parseScenario(`
title: Busy for a moment
turns:
  - steps:
      - errorOnce: { status: 429, message: Too many requests at once, retryAfter: 0 }
      - say: It worked on the second try.
`);

// A prompt that got no answer is said again with the next one, so the way out comes first.
const NONSENSE = parseScenario(`
title: Nonsense, and then sense
turns:
  - when: make sense
    steps: [{ say: "All is well." }]
  - steps: [{ malformed: html }]
`);

/** Whatever it is asked: what got no answer is said again with the next prompt. */
const always = (step: string): Scenario =>
  parseScenario(`
title: A model with one fault
turns:
  - steps: [${step}]
`);

function failing(error: string, kind: RegExp) {
  return ({ play }: Stage) =>
    play(always(`{ error: { ${error} } }`), { prompt: 'Is all well?' }, async (session) => {
      const ended = await session.turnEnded();
      expect(ended.outcome).toBe('failed');
      expect(ended.error?.kind).toMatch(kind);
      expect(ended.error?.message.length).toBeGreaterThan(20);
      expect(await session.view()).toMatchObject({ state: 'idle', failure: { kind: ended.error?.kind } });
    });
}

/** What goes wrong outside Baton. */
export const FAILING = {
  'error-401': failing('status: 401, message: invalid x-api-key', /backend-not-authenticated/),
  'error-429': failing(
    'status: 429, message: Your rate limit is used up, retryAfter: 3600',
    /rate-limited|quota-exceeded/,
  ),
  'error-500': failing('status: 500, message: Internal server error, retryAfter: 0', /model-failed/),
  'error-529': failing('status: 529, message: Overloaded, retryAfter: 0', /model-failed/),

  'busy-once': ({ play }: Stage) =>
    play(BUSY, { prompt: 'Is all well?' }, async (session) => {
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain('It worked on the second try.');
    }),

  refused: ({ play }: Stage) =>
    play('echo', {}, async (session, rehearsal) => {
      await rehearsal.close();
      const { turnId } = await session.prompt('Is anybody there?');
      const ended = await session.turnEnded(turnId);
      expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'model-failed' } });
    }),

  hang: ({ play }: Stage) =>
    play(always('{ hang: before-headers }'), { prompt: 'Is anybody there?' }, async (session, rehearsal) => {
      const isAsked = () => rehearsal.requests().some(({ kind }) => kind === 'main');
      await expect.poll(isAsked).toBe(true);
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'interrupted' });
      expect(await session.view()).toMatchObject({ state: 'idle' });
    }),

  malformed: ({ play }: Stage) =>
    play(NONSENSE, { prompt: 'Say something' }, async (session) => {
      await session.turnEnded();
      const { turnId } = await session.prompt('Now make sense');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain('All is well.');
    }),

  huge: ({ play }: Stage) =>
    play(FLOOD, { prompt: 'Print a lot' }, async (session) => {
      const ended = session.turnEnded();
      await session.allowUntil(ended);
      expect(await ended).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toContain('That was a lot.');
      const size = JSON.stringify(callsOf(session)).length;
      expect(size).toBeLessThan(2_000_000);
      expect(eventsOf(session, 'raw.received').length).toBeLessThan(20);
    }),

  ten: (stage: Stage) => {
    const word = (index: number) => `only ${index}-${'abcdefghij'[index]}`;
    return stage.play('echo', { prompt: word(0) }, async (session, rehearsal) => {
      const env = stage.agent.sessionEnv(rehearsal);
      const others = await Promise.all(
        Array.from({ length: 9 }, (_, index) => drive(stage, stage.agent, { env, prompt: word(index + 1) })),
      );
      const sessions = [session, ...others];
      await Promise.all(sessions.map((each) => each.turnEnded()));
      for (const [index, { id, said }] of sessions.entries()) {
        expect(said()).toContain(`You said: ${word(index)}`);
        const frames = stage.peer.frames.filter((frame) => 'sessionId' in frame && frame.sessionId === id);
        const all = JSON.stringify(frames);
        for (let other = 0; other < 10; other += 1) if (other !== index) expect(all).not.toContain(`only ${other}-`);
      }
      await Promise.all(others.map((each) => each.run({ type: 'session.stop' })));
    });
  },
};
