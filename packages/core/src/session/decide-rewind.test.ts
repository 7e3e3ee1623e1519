import type { ItemId, SessionEvent, TurnId } from '@baton/protocol';
import { fold, given, SESSION } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import type { EndedTurn } from './decision.ts';
import type { OpenSession } from './state.ts';

const ONE = 'trn_one' as TurnId;
const TWO = 'trn_two' as TurnId;
const THREE = 'trn_three' as TurnId;
const ITEM = 'itm_one' as ItemId;
const input = [{ type: 'text' as const, text: 'fix the tests' }];

const created: SessionEvent = { type: 'session.created', backend: 'claude', cwd: '/w', by: 'ada' };
const startRequested: SessionEvent = { type: 'session.start-requested', by: 'ada' };
const agentStarted: SessionEvent = { type: 'agent.started', pid: 7, version: '2', nativeId: 'native' };
const exited: SessionEvent = { type: 'agent.exited', code: 0, signal: null, expected: true };
const started = (turnId: TurnId): SessionEvent => ({ type: 'turn.started', turnId, input, by: 'ada' });
const ended = (turnId: TurnId, point?: string): SessionEvent => ({
  ...{ type: 'turn.ended', turnId, outcome: 'completed', costUsd: 1, durationMs: 5 },
  ...(point === undefined ? {} : { point }),
});
const turn = (turnId: TurnId, point?: string) => [started(turnId), ended(turnId, point)];

const up = [created, startRequested, agentStarted];
const twoTurns = [...up, ...turn(ONE, 'p1'), ...turn(TWO, 'p2')];
const rewind = { type: 'session.rewind', sessionId: SESSION, turnId: ONE } as const;
const atOne: EndedTurn = { turnId: ONE, seq: 5, isLast: false, point: 'p1' };
const atTwo: EndedTurn = { turnId: TWO, seq: 7, isLast: true, point: 'p2' };

function open(...events: SessionEvent[]): OpenSession {
  const state = fold(events);
  if (state.status === 'none') throw new Error('There is no session');
  return state;
}

describe('session.rewind (R12)', () => {
  test('goes back to the end of a turn, and ends the agent so that it starts there', () =>
    given(...twoTurns)
      .when(rewind, { endedTurn: atOne })
      .then(
        { type: 'session.rewound', turnId: ONE, after: 5, branch: { nativeId: 'native', point: 'p1' }, by: 'ada' },
        { type: 'session.stop-requested', by: 'ada' },
      ));

  test('with the agent down only goes back', () =>
    given(...twoTurns, { type: 'session.stop-requested', by: 'ada' }, exited)
      .when(rewind, { endedTurn: atOne })
      .then({ type: 'session.rewound' }));

  test('to the last turn changes nothing', () =>
    given(...twoTurns)
      .when({ ...rewind, turnId: TWO }, { endedTurn: atTwo })
      .thenNothing());

  test('is refused while a turn runs', () =>
    given(...twoTurns, started(THREE))
      .when(rewind, { endedTurn: atOne })
      .rejected('conflict'));

  test('is refused for a turn that never was, still runs, or was taken back', () =>
    given(...twoTurns)
      .when(rewind)
      .rejected('not-found'));

  test('is refused where the agent has no name for the end of the turn', () =>
    given(...up, ...turn(ONE), ...turn(TWO))
      .when(rewind, { endedTurn: { turnId: ONE, seq: 5, isLast: false } })
      .rejected('conflict'));

  test('needs no name where the agent reads the log', () =>
    given(created, startRequested, { type: 'agent.started', pid: null, version: '2' }, ...turn(ONE), ...turn(TWO))
      .when(rewind, { endedTurn: { turnId: ONE, seq: 5, isLast: false } })
      .then({ type: 'session.rewound', turnId: ONE, after: 5 }, { type: 'session.stop-requested' }));

  test('a prompt after it starts the agent again', () =>
    given(...twoTurns, rewound(5), { type: 'session.stop-requested', by: 'ada' }, exited)
      .when({ type: 'turn.start', sessionId: SESSION, turnId: THREE, input })
      .then({ type: 'session.start-requested' }, { type: 'turn.started', turnId: THREE }));
});

function rewound(after: number): SessionEvent {
  return { type: 'session.rewound', turnId: ONE, after, branch: { nativeId: 'native', point: 'p1' }, by: 'ada' };
}

describe('the state after going back', () => {
  const back = [
    ...twoTurns,
    rewound(5),
    { type: 'session.stop-requested' as const, by: 'ada' },
    exited,
    startRequested,
  ];
  const branch = { kind: 'rewind', nativeId: 'native', point: 'p1' };

  test('knows what was taken back and where its agent is to begin', () => {
    const state = open(...back);
    expect(state.takenBack).toEqual([{ after: 5, until: 8 }]);
    expect(state).toMatchObject({ branch });
    expect(state).not.toHaveProperty('nativeId');
  });

  test('begins there until a turn went through', () => {
    const again: SessionEvent = { type: 'agent.started', pid: 8, version: '2', nativeId: 'new' };
    const end = (outcome: 'completed' | 'failed' | 'interrupted', point?: string): SessionEvent => ({
      ...{ type: 'turn.ended', turnId: THREE, outcome, durationMs: 1 },
      ...(point === undefined ? {} : { point }),
    });
    const after = (last: SessionEvent) => open(...back, again, started(THREE), last);
    expect(open(...back, again, started(THREE))).toMatchObject({ branch, nativeId: 'new' });
    expect(after(end('failed', 'p3'))).toMatchObject({ branch });
    // Nothing says that the agent had the prompt when it was interrupted.
    expect(after(end('interrupted'))).toMatchObject({ branch });
    expect(after(end('interrupted', 'p3'))).not.toHaveProperty('branch');
    expect(after(end('completed'))).not.toHaveProperty('branch');
  });
});

describe('session.import (R11)', () => {
  const past = [...turn(ONE, 'p1')];
  const origin = { ...created, branch: { nativeId: 'other', point: 'p1' } } as const;

  test('begins with the conversation it shares and starts no agent', () =>
    given()
      .when({ type: 'session.import', created: origin, past })
      .then({ type: 'session.created', inherited: 2 }, { type: 'turn.started' }, { type: 'turn.ended' }));

  test('is refused when the session exists', () =>
    given(created).when({ type: 'session.import', created: origin, past }).rejected('conflict'));

  test('costs nothing again, and begins its agent from the other conversation', () => {
    const fork = { ...origin, inherited: 2 };
    const state = open(fork, ...past);
    expect(state).toMatchObject({ branch: { kind: 'fork', nativeId: 'other', point: 'p1' }, agent: { phase: 'down' } });
    expect(state).not.toHaveProperty('costUsd');
    const own = open(fork, ...past, startRequested, agentStarted, ...turn(TWO, 'p2'));
    expect(own).toMatchObject({ costUsd: 1, nativeId: 'native' });
    expect(own).not.toHaveProperty('branch');
  });
});

describe('turn.steer (R13)', () => {
  const steer = { type: 'turn.steer', sessionId: SESSION, input } as const;

  test('adds to the running turn', () =>
    given(...up, started(ONE))
      .when(steer)
      .then({ type: 'turn.steered', turnId: ONE, input, by: 'ada' }));

  test('is refused when no turn runs, or another than the one meant', () => {
    given(...twoTurns)
      .when(steer)
      .rejected('turn-not-running');
    given(...up, started(ONE))
      .when({ ...steer, turnId: TWO })
      .rejected('turn-not-running');
  });

  test('is refused while the turn is being interrupted', () =>
    given(...up, started(ONE), { type: 'turn.interrupt-requested', turnId: ONE, by: 'ada' })
      .when(steer)
      .rejected('turn-not-running'));

  test('opens and closes nothing', () => {
    const item: SessionEvent = {
      ...{ type: 'item.started', turnId: ONE, itemId: ITEM },
      item: { type: 'agent-message', text: '' },
    };
    const before = open(...up, started(ONE), item);
    const after = open(...up, started(ONE), item, { type: 'turn.steered', turnId: ONE, input, by: 'ada' });
    expect({ ...after, seq: before.seq }).toEqual(before);
  });
});
