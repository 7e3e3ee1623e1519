import { recordedEventSchema } from '@baton/protocol';
import { parseScenario } from '@baton/rehearsal';
import { expect } from 'vitest';
import { z } from 'zod';
import { findProcesses } from '../harness/processes.ts';
import { lastHeard, type Stage } from './stage.ts';

// Each another one: Gemini CLI takes what repeats itself for a loop, and ends it.
const toStory = (length: number) => Array.from({ length }, (_, index) => `Sentence ${index} of the story. `);

const telling = (story: readonly string[]) =>
  parseScenario(`
title: A story, and an echo after it
turns:
  - when: go on
    steps: [{ say: "I go on." }]
  - when: story
    steps: [{ say: { text: "${story.join('')}", pace: 15 } }]
  - steps: [{ say: "You said: {{prompt}}" }]
`);

const SLOW = telling(toStory(30));
/** For who dies in its middle, however long a busy machine takes to strike. */
const ENDLESS = telling(toStory(1000));

const pageSchema = z.object({ events: z.array(recordedEventSchema) });

/** What outlives an agent: its settings, and the conversation after a death of it, of the machine, and of the server, which comes last. */
export const SURVIVING = {
  settings: ({ agent, play, baton }: Stage) =>
    play('echo', { prompt: 'first' }, async (session, rehearsal) => {
      await session.turnEnded();
      const { status } = await baton.request('PATCH', `/sessions/${session.id}`, agent.change);
      expect(status).toBe(200);
      const { turnId } = await session.prompt('second');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(await session.view()).toMatchObject(agent.change);
      const model = rehearsal.requests().findLast(({ kind }) => kind === 'main')?.model ?? '';
      expect(model).toContain(agent.changedModel ?? agent.change.model.split('/').at(-1));
      const refused = await baton.request('PATCH', `/sessions/${session.id}`, { mode: 'no-such-mode' });
      expect(refused).toMatchObject({ status: 400, body: { kind: 'invalid-input' } });
      await session.run({ type: 'session.stop' });
      const again = await session.prompt('third');
      expect(await session.turnEnded(again.turnId)).toMatchObject({ outcome: 'completed' });
      expect(await session.view()).toMatchObject(agent.change);
    }),

  'agent-death': ({ play, peer }: Stage) =>
    play(ENDLESS, { prompt: 'remember the apple' }, async (session, rehearsal) => {
      await session.turnEnded();
      const { turnId } = await session.prompt('Tell a story');
      await session.streamed(60);
      const before = peer.events(session.id).flatMap(({ event }) => (event.type === 'agent.started' ? [event] : []));
      const last = before.at(-1);
      process.kill(last?.pid ?? 0, 'SIGKILL');
      const ended = await session.turnEnded(turnId);
      expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'agent-exited' } });
      expect(ended.error?.message).toMatch(/prompt|again|resume/i);
      const next = await session.prompt('go on');
      expect(await session.turnEnded(next.turnId)).toMatchObject({ outcome: 'completed' });
      expect(lastHeard(rehearsal)).toContain('remember the apple');
      // Nothing of what was said before is said again.
      expect(session.said().match(/remember the apple/g)).toHaveLength(1);
      const restarted = await session.event('agent.started', ({ pid }) => pid !== last?.pid);
      expect(restarted.nativeId).toBe(last?.nativeId);
    }),

  'power-cut': (stage: Stage) =>
    stage.play(ENDLESS, { prompt: 'remember the quince' }, async (session, rehearsal) => {
      await session.turnEnded();
      await session.prompt('Tell a story');
      await session.streamed(60);
      await stage.baton.killAll();
      const again = await stage.restart(session);
      await expect.poll(() => findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
      const page = await stage.baton.request('GET', `/sessions/${session.id}/events?after=${session.since}&limit=5000`);
      const ended = pageSchema.parse(page.body).events.findLast(({ event }) => event.type === 'turn.ended');
      expect(ended).toMatchObject({ event: { outcome: 'failed', error: { kind: 'server-restarted' } } });
      const { turnId } = await again.prompt('go on');
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(again.said()).toContain('I go on.');
      expect(lastHeard(rehearsal)).toContain('remember the quince');
    }),

  'server-death': (stage: Stage) =>
    stage.play(SLOW, {}, async (session) => {
      const { turnId } = await session.prompt('Tell a story');
      await session.streamed(60);
      await stage.baton.kill('SIGKILL');
      const again = await stage.restart(session);
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(again.said()).toContain(toStory(30).join('').trim());
      expect(again.said().match(/Sentence 0 /g)).toHaveLength(1);
      await stage.baton.kill('SIGTERM');
      expect(findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
    }),
};
