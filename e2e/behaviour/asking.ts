import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { expect } from 'vitest';
import type { Drive } from '../harness/drive.ts';
import { callsOf, eventsOf, type Stage } from './stage.ts';

const SAME_COMMAND = parseScenario(`
title: The same command in every turn
turns:
  - steps:
      - call: { tool: run, input: { command: "node -p 40+2", description: Add } }
      - say: Done.
`);

const NOTE = 'note.txt';

/** Takes away what an earlier behaviour wrote here, so that only this one can have written it. */
const clear = ({ cwd }: Drive): void => rmSync(join(cwd, NOTE), { force: true });

/** Approvals and questions. What is always allowed comes last: it stays so. */
export const ASKING = {
  approve: ({ play }: Stage) =>
    play('approval', {}, async (session) => {
      clear(session);
      await session.prompt('Write the note');
      const request = await session.answer('allow-once');
      expect(request.title).toContain(NOTE);
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(readFileSync(join(session.cwd, NOTE), 'utf8')).toBe('hello\n');
      expect(session.said()).toContain('The note is written.');
      expect(callsOf(session)).toContainEqual(expect.objectContaining({ kind: 'execute', status: 'completed' }));
    }),

  deny: ({ play }: Stage) =>
    play('approval', {}, async (session) => {
      clear(session);
      await session.prompt('Write the note');
      await session.answer('deny-once');
      await session.turnEnded();
      expect(existsSync(join(session.cwd, NOTE))).toBe(false);
      expect(callsOf(session)).toContainEqual(expect.objectContaining({ status: 'denied' }));
      expect(await session.view()).toMatchObject({ state: 'idle' });
    }),

  'deny-note': ({ agent, play }: Stage) =>
    play(agent.scenarios?.['deny-note'] ?? 'approval', {}, async (session) => {
      clear(session);
      await session.prompt('Write the note');
      await session.answer('deny-once', 'use printf to stdout instead');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(existsSync(join(session.cwd, NOTE))).toBe(false);
      expect(session.said()).toContain('use printf to stdout instead');
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
      const asked = await session.event('question.asked');
      const [colour, parts] = asked.questions;
      expect(asked.questions).toHaveLength(2);
      expect(await session.view()).toMatchObject({ state: 'waiting' });
      const chosen = parts?.multiSelect === true ? ['Server', 'Docs'] : 'Docs';
      const answers = { [colour?.id ?? '']: 'Blue', [parts?.id ?? '']: chosen };
      await session.peer.command({ type: 'question.answer', questionId: asked.questionId, answers });
      expect(await session.turnEnded()).toMatchObject({ outcome: 'completed' });
      expect(session.said()).toMatch(/Blue/);
      expect(session.said()).toMatch(/Docs/);
    }),

  always: ({ agent, play }: Stage) =>
    play(agent.scenarios?.always ?? SAME_COMMAND, { prompt: 'Make it' }, async (session) => {
      await session.answer('allow-always');
      await session.turnEnded();
      const { turnId } = await session.prompt('Make it again');
      expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      expect(eventsOf(session, 'approval.requested')).toHaveLength(1);
    }),
};
