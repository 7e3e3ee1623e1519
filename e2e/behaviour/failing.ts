import { parseScenario, startRehearsal } from '@baton/rehearsal';
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

// A prompt that got no answer is said again with the next one, so the way out comes first.
const NONSENSE = parseScenario(`
title: Nonsense, and then sense
turns:
  - when: make sense
    steps: [{ say: "All is well." }]
  - steps: [{ malformed: html }]
`);

function failing(prompt: string, kind: RegExp) {
  return ({ play }: Stage) =>
    play('errors', { prompt }, async (session) => {
      const ended = await session.turnEnded();
      expect(ended.outcome).toBe('failed');
      expect(ended.error?.kind).toMatch(kind);
      expect(ended.error?.message.length).toBeGreaterThan(20);
      expect(await session.view()).toMatchObject({ state: 'idle', failure: { kind: ended.error?.kind } });
    });
}

/** What goes wrong outside Baton. */
export const FAILING = {
  'error-401': failing('Please 401', /backend-not-authenticated/),
  'error-429': failing('Please 429', /rate-limited|quota-exceeded/),
  'error-500': failing('Please 500', /model-failed/),
  'error-529': failing('Please overloaded', /model-failed/),

  'busy-once': ({ play }: Stage) =>
    play('errors', { prompt: 'Please 429 once' }, async (session) => {
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
    }),

  refused: ({ play }: Stage) =>
    play('echo', {}, async (session, rehearsal) => {
      await rehearsal.close();
      const { turnId } = await session.prompt('Is anybody there?');
      const ended = await session.turnEnded(turnId);
      expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'model-failed' } });
    }),

  hang: ({ play }: Stage) =>
    play('errors', { prompt: 'Please hang before headers' }, async (session, rehearsal) => {
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

  ten: async (stage: Stage) => {
    const rehearsal = await startRehearsal({ scenario: 'echo' });
    const word = (index: number) => `only ${index}-${'abcdefghij'[index]}`;
    try {
      const env = stage.agent.sessionEnv(rehearsal);
      const sessions = await Promise.all(
        Array.from({ length: 10 }, (_, index) => drive(stage, stage.agent, { env, prompt: word(index) })),
      );
      await Promise.all(sessions.map((session) => session.turnEnded()));
      for (const [index, session] of sessions.entries()) {
        expect(session.said()).toContain(`You said: ${word(index)}`);
        const frames = stage.peer.frames.filter((frame) => 'sessionId' in frame && frame.sessionId === session.id);
        const all = JSON.stringify(frames);
        for (let other = 0; other < 10; other += 1) if (other !== index) expect(all).not.toContain(`only ${other}-`);
      }
      await Promise.all(sessions.map((session) => session.run({ type: 'session.stop' })));
    } finally {
      await rehearsal.close();
    }
  },
};
