import type { SessionEvent, TurnId } from '@baton/protocol';
import { fold, given } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { checkInvariants } from './check-invariants.ts';

const turn = (name: string): SessionEvent[] => {
  const turnId = `trn_${name}` as TurnId;
  return [
    { type: 'turn.started', turnId, input: [{ type: 'text', text: name }], by: 'user' },
    { type: 'turn.ended', turnId, outcome: 'completed', costUsd: 3, durationMs: 1 },
  ];
};
const up: SessionEvent[] = [
  { type: 'session.created', backend: 'claude', cwd: '/w', by: 'ada' },
  { type: 'session.start-requested', by: 'ada' },
  { type: 'agent.started', pid: 7, version: '2', nativeId: 'native' },
  ...turn('here'),
];
const down: SessionEvent[] = [...up, { type: 'agent.exited', code: 0, signal: null, expected: true }];
const missed = { type: 'session.catch-up', nativeId: 'native', seq: down.length, past: turn('elsewhere') } as const;

describe('what was said in a conversation elsewhere (R19)', () => {
  test('is taken over with a word that it was there, costs nothing here, and breaks no invariant', () => {
    given(...down)
      .when(missed)
      .then({ type: 'session.continued', events: 2 }, ...turn('elsewhere'));
    const log: SessionEvent[] = [...down, { type: 'session.continued', events: 2 }, ...turn('elsewhere')];
    const state = fold(log);
    expect(checkInvariants(log, state)).toEqual([]);
    expect(state).toMatchObject({ costUsd: 3, agent: { phase: 'down' } });
    expect(state).not.toHaveProperty('turn');
    const again = [...log, ...turn('more')];
    expect(checkInvariants(again, fold(again))).toEqual([expect.stringContaining('I9')]);
  });

  test('is nothing when nothing was', () =>
    given(...down)
      .when({ ...missed, past: [] })
      .thenNothing());

  test.each([
    ['while its agent runs', up, { seq: up.length }],
    ['when the session went on meanwhile', down, { seq: down.length - 1 }],
    ['when it is in another conversation', down, { nativeId: 'other' }],
  ])('is refused %s', (_, log, more) =>
    given(...log)
      .when({ ...missed, ...more })
      .rejected('conflict'),
  );
});
