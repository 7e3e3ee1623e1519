import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { expect } from 'vitest';
import { findProcesses } from '../harness/processes.ts';
import { eventsOf, lastHeard, type Stage } from './stage.ts';

// The command runs until a file tells it to go on, so that what is said meanwhile surely comes in its middle.
const TWO_STEPS = parseScenario(`
title: Something between two steps
turns:
  - when: mind the apples
    steps: [{ say: "The apples are minded." }]
  - steps:
      - call: { tool: run, input: { command: "node -e 'setInterval(() => fs.existsSync(\\"go.txt\\") && process.exit(), 50)'", description: Wait } }
      - say: The turn is over.
`);

/** What waits behind a turn, or changes its course. */
export const STEERING = {
  queue: ({ play }: Stage) =>
    play('echo', { prompt: 'first' }, async (session) => {
      const second = await session.prompt('second');
      const third = await session.prompt('third');
      const fourth = await session.prompt('fourth');
      expect(third.state).toBe('queued');
      expect(fourth.state).toBe('queued');
      await session.turnEnded(fourth.turnId);
      expect(await session.turnEnded(second.turnId)).toMatchObject({ outcome: 'completed' });
      const order = ['first', 'second', 'third', 'fourth'].map((word) => session.said().indexOf(`You said: ${word}`));
      expect(order.every((at) => at >= 0)).toBe(true);
      expect(order).toEqual([...order].sort((left, right) => left - right));
    }),

  effort: ({ agent, play, baton }: Stage) =>
    play('echo', { prompt: 'first' }, async (session, rehearsal) => {
      await session.turnEnded();
      const { effort = '' } = agent;
      expect(lastHeard(rehearsal)).not.toContain(`effort":"${effort}"`);
      expect(await baton.request('PATCH', `/sessions/${session.id}`, { effort })).toMatchObject({ status: 200 });
      const { turnId } = await session.prompt('second');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(await session.view()).toMatchObject({ effort });
      expect(lastHeard(rehearsal)).toContain(`effort":"${effort}"`);
    }),

  // Both alone: under load the prompt that comes after can fail in Gemini CLI, which finds its conversation again for it.
  'interrupt-stream': ({ play }: Stage) =>
    play('long-stream', { prompt: 'Tell me a long story' }, async (session) => {
      await session.streamed(30);
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'interrupted' });
      expect(session.said()).toContain('The story begins.');
      expect(session.said()).not.toContain('The story ends.');
      expect(await session.view()).toMatchObject({ state: 'idle' });
      const { turnId } = await session.prompt('Tell me a long story');
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'interrupted' });
      // It heard both times: one that does not is ended after ten seconds.
      const notices = eventsOf(session, 'notice.raised').map(({ text }) => text);
      expect(notices.join()).not.toContain('did not stop in time');
    }),

  'interrupt-tool': ({ play }: Stage) =>
    play('interrupt-tool', { prompt: 'Run the long command' }, async (session) => {
      await session.answer('allow-once');
      await session.event('item.started', (event) => event.item.type === 'tool-call');
      // The command's own folder tells it from those of other sessions, whichever process it was started by.
      const commands = () => findProcesses(`PWD=${session.cwd}`, 'sleep');
      await expect.poll(() => commands().length).toBeGreaterThan(0);
      await session.run({ type: 'turn.interrupt' });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'interrupted' });
      await expect.poll(commands).toEqual([]);
    }),

  steer: ({ play, baton }: Stage) =>
    play(TWO_STEPS, { prompt: 'Begin' }, async (session, rehearsal) => {
      await session.answer('allow-once');
      const commands = () => findProcesses(`PWD=${session.cwd}`, 'setInterval');
      await expect.poll(() => commands().length).toBeGreaterThan(0);
      const steered = await baton.request('POST', `/sessions/${session.id}/steer`, { input: 'mind the apples' });
      expect(steered.status).toBe(202);
      writeFileSync(join(session.cwd, 'go.txt'), '');
      await session.event('turn.steered');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(lastHeard(rehearsal)).toContain('mind the apples');
      expect((await session.view()).queue).toEqual([]);
    }),
};
