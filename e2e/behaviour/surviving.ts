import { recordedEventSchema } from '@baton/protocol';
import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { expect } from 'vitest';
import { z } from 'zod';
import { startBaton } from '../harness/baton-process.ts';
import { drive, take } from '../harness/drive.ts';
import { findProcesses } from '../harness/processes.ts';
import { lastHeard, type Stage } from './stage.ts';

// Each another one: Gemini CLI takes what repeats itself for a loop, and ends it.
const STORY = Array.from({ length: 60 }, (_, index) => `Sentence ${index} of the story. `);

const SLOW = parseScenario(`
title: A story, and an echo after it
turns:
  - when: go on
    steps: [{ say: "I go on." }]
  - when: story
    steps: [{ say: { text: "${STORY.join('')}", pace: 15 } }]
  - steps: [{ say: "You said: {{prompt}}" }]
`);

const pageSchema = z.object({ events: z.array(recordedEventSchema) });

/** What goes on after a death. */
export const SURVIVING = {
  'agent-death': ({ play, peer }: Stage) =>
    play(SLOW, { prompt: 'remember the apple' }, async (session, rehearsal) => {
      await session.turnEnded();
      const { turnId } = await session.prompt('Tell a story');
      await peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 60);
      const started = await peer.event(session.id, 'agent.started');
      process.kill(started.pid ?? 0, 'SIGKILL');
      const ended = await session.turnEnded(turnId);
      expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'agent-exited' } });
      expect(ended.error?.message).toMatch(/prompt|again|resume/i);
      const next = await session.prompt('go on');
      expect(await session.turnEnded(next.turnId)).toMatchObject({ outcome: 'completed' });
      expect(lastHeard(rehearsal)).toContain('remember the apple');
      const restarted = await peer.event(session.id, 'agent.started', ({ pid }) => pid !== started.pid);
      expect(restarted.nativeId).toBe(started.nativeId);
    }),

  'server-death': async ({ agent }: Stage) => {
    const rehearsal = await startRehearsal({ scenario: SLOW });
    const first = await startBaton({ env: agent.serverEnv });
    try {
      const peer = await first.connect();
      const env = agent.sessionEnv(rehearsal);
      const session = await drive({ baton: first, peer }, agent, { env, prompt: 'Tell a story' });
      await peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 60);
      await first.kill('SIGKILL');
      const second = await startBaton({ dataDir: first.dataDir, root: first.root, env: agent.serverEnv });
      const again = take({ baton: second, peer: await second.connect() }, session);
      expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(again.said()).toContain(STORY.join('').trim());
      expect(again.said().match(/Sentence 0 /g)).toHaveLength(1);
      await second.kill('SIGTERM');
      expect(findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
    } finally {
      await first.kill('SIGKILL');
      await rehearsal.close();
    }
  },

  'power-cut': async ({ agent }: Stage) => {
    const rehearsal = await startRehearsal({ scenario: SLOW });
    const first = await startBaton({ env: agent.serverEnv });
    try {
      const peer = await first.connect();
      const env = agent.sessionEnv(rehearsal);
      const session = await drive({ baton: first, peer }, agent, { env, prompt: 'remember the apple' });
      await session.turnEnded();
      await session.prompt('Tell a story');
      await peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 60);
      await first.killAll();
      const second = await startBaton({ dataDir: first.dataDir, root: first.root, env: agent.serverEnv });
      await expect.poll(() => findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
      const page = await second.request('GET', `/sessions/${session.id}/events?limit=5000`);
      const ended = pageSchema.parse(page.body).events.findLast(({ event }) => event.type === 'turn.ended');
      expect(ended).toMatchObject({ event: { outcome: 'failed', error: { kind: 'server-restarted' } } });
      const again = take({ baton: second, peer: await second.connect() }, session);
      const { turnId } = await again.prompt('go on');
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(again.said()).toContain('I go on.');
      expect(lastHeard(rehearsal)).toContain('remember the apple');
      await second.kill('SIGTERM');
      expect(findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
    } finally {
      await first.kill('SIGKILL');
      await rehearsal.close();
    }
  },
};
