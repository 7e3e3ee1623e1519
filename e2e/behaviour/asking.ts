import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { expect } from 'vitest';
import { callsOf, eventsOf, type Stage } from './stage.ts';

const SAME_COMMAND = parseScenario(`
title: The same command in every turn
turns:
  - steps:
      - call: { tool: run, input: { command: "node -p 40+2", description: Add } }
      - say: Done.
`);

/** Approvals and questions. */
export const ASKING = {
  approve: ({ play }: Stage) =>
    play('approval', { prompt: 'Write the note' }, async (session) => {
      const request = await session.answer('allow-once');
      expect(request.title).toContain('note.txt');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(readFileSync(join(session.cwd, 'note.txt'), 'utf8')).toBe('hello\n');
      expect(session.said()).toContain('The note is written.');
      expect(callsOf(session)).toContainEqual(expect.objectContaining({ kind: 'execute', status: 'completed' }));
    }),

  deny: ({ play }: Stage) =>
    play('approval', { prompt: 'Write the note' }, async (session) => {
      await session.answer('deny-once');
      await session.turnEnded();
      expect(existsSync(join(session.cwd, 'note.txt'))).toBe(false);
      expect(callsOf(session)).toContainEqual(expect.objectContaining({ status: 'denied' }));
      expect(await session.view()).toMatchObject({ state: 'idle' });
    }),

  'deny-note': ({ agent, play }: Stage) =>
    play(agent.scenarios?.['deny-note'] ?? 'approval', { prompt: 'Write the note' }, async (session) => {
      await session.answer('deny-once', 'use printf to stdout instead');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(existsSync(join(session.cwd, 'note.txt'))).toBe(false);
      expect(session.said()).toContain('use printf to stdout instead');
    }),

  always: ({ agent, play }: Stage) =>
    play(agent.scenarios?.always ?? SAME_COMMAND, { prompt: 'Make it' }, async (session) => {
      await session.answer('allow-always');
      await session.turnEnded();
      const { turnId } = await session.prompt('Make it again');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(eventsOf(session, 'approval.requested')).toHaveLength(1);
    }),

  'several-approvals': ({ agent, play }: Stage) =>
    play('parallel-tools', { prompt: 'Do three things at once' }, async (session) => {
      if (agent.asksTogether) {
        const asked = () => eventsOf(session, 'approval.requested').length;
        await expect.poll(asked).toBe(3);
        expect((await session.view()).pending.approvals).toHaveLength(3);
      }
      for (let count = 0; count < 3; count += 1) await session.answer('allow-once');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      const written = ['one', 'two', 'three'].map((name) => readFileSync(join(session.cwd, `${name}.txt`), 'utf8'));
      expect(written).toEqual(['one\n', 'two\n', 'three\n']);
    }),

  question: ({ play }: Stage) =>
    play('question', { prompt: 'Set up the project' }, async (session) => {
      const { peer } = session;
      const asked = await peer.event(session.id, 'question.asked');
      const [colour, parts] = asked.questions;
      expect(asked.questions).toHaveLength(2);
      expect(await session.view()).toMatchObject({ state: 'waiting' });
      const chosen = parts?.multiSelect === true ? ['Server', 'Docs'] : 'Docs';
      const answers = { [colour?.id ?? '']: 'Blue', [parts?.id ?? '']: chosen };
      await peer.command({ type: 'question.answer', questionId: asked.questionId, answers });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toMatch(/Blue/);
      expect(session.said()).toMatch(/Docs/);
    }),
};
