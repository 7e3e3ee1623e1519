import { sessionViewSchema, type TurnId } from '@baton/protocol';
import { expect } from 'vitest';
import type { Drive } from '../harness/drive.ts';
import { lastHeard, type Stage } from './stage.ts';

async function talk(session: Drive, words: readonly string[]): Promise<TurnId[]> {
  const turns: TurnId[] = [];
  for (const word of words) {
    const { turnId } = await session.prompt(word);
    expect(await session.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
    turns.push(turnId);
  }
  return turns;
}

async function fork({ baton, take }: Stage, session: Drive, turnId?: TurnId): Promise<Drive> {
  const answer = await baton.request('POST', `/sessions/${session.id}/fork`, { ...(turnId && { turnId }) });
  expect(answer.status).toBe(201);
  const view = sessionViewSchema.parse(answer.body);
  expect(view).toMatchObject({ parent: { sessionId: session.id } });
  return take(view);
}

/** Conversations that part, or go back. */
export const BRANCHING = {
  fork: (stage: Stage) =>
    stage.play('echo', {}, async (session, rehearsal) => {
      await talk(session, ['remember the cherry']);
      const branch = await fork(stage, session);
      await talk(branch, ['and the lemon']);
      expect(branch.said()).toContain('You said: remember the cherry');
      expect(lastHeard(rehearsal)).toContain('remember the cherry');
      await talk(session, ['and the plum']);
      expect(lastHeard(rehearsal)).not.toContain('and the lemon');
      expect((await branch.view()).nativeId ?? 'none').not.toBe((await session.view()).nativeId);
      await branch.run({ type: 'session.stop' });
    }),

  'fork-earlier': (stage: Stage) =>
    stage.playAlone('echo', {}, async (session, rehearsal) => {
      const [first] = await talk(session, ['remember the apple', 'forget the melon']);
      const branch = await fork(stage, session, first);
      await talk(branch, ['and the pear']);
      expect(lastHeard(rehearsal)).toContain('remember the apple');
      expect(lastHeard(rehearsal)).not.toContain('forget the melon');
      // The fork goes on by itself after its process has ended.
      await branch.run({ type: 'session.stop' });
      await talk(branch, ['and the fig']);
      expect(lastHeard(rehearsal)).toContain('and the pear');
      expect(lastHeard(rehearsal)).not.toContain('forget the melon');
      await branch.run({ type: 'session.stop' });
    }),

  rewind: (stage: Stage) =>
    stage.playAlone('echo', {}, async (session, rehearsal) => {
      const [first] = await talk(session, ['remember the apple', 'forget the melon']);
      const body = { turnId: first, files: false };
      const { status } = await stage.baton.request('POST', `/sessions/${session.id}/rewind`, body);
      expect(status).toBe(200);
      await talk(session, ['and the pear']);
      expect(lastHeard(rehearsal)).toContain('remember the apple');
      expect(lastHeard(rehearsal)).not.toContain('forget the melon');
      await session.run({ type: 'session.stop' });
      await talk(session, ['and the fig']);
      expect(lastHeard(rehearsal)).toContain('and the pear');
      expect(lastHeard(rehearsal)).not.toContain('forget the melon');
    }),
};
