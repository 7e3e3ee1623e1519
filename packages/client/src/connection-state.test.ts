import { describe, expect, test } from 'vitest';
import {
  firstStep,
  stepConnection,
  toConnectionState,
  type ConnectionEvent,
  type Phase,
  type Step,
} from './connection-state.ts';

const user = { id: 'usr_1', name: 'Ada', role: 'owner' };
const live = { attempt: 1, since: 0, user, serverVersion: '1.0.0' };
const trying = { attempt: 3, downSince: 0 };
const AT = { now: 60_000, random: 1 };

const PHASES: { [N in Phase['name']]: Extract<Phase, { name: N }> } = {
  opening: { name: 'opening', ...trying },
  greeting: { name: 'greeting', ...trying },
  online: { name: 'online', ...live },
  verifying: { name: 'verifying', pingAt: 59_000, ...live },
  checking: { name: 'checking', reason: 'why', ...trying },
  waiting: { name: 'waiting', reason: 'why', retryAt: 61_000, ...trying },
  unauthenticated: { name: 'unauthenticated' },
  closed: { name: 'closed' },
};

const EVENTS = {
  opened: { type: 'opened' },
  welcomed: { type: 'welcomed', user, serverVersion: '1.0.0' },
  heard: { type: 'heard' },
  lost: { type: 'lost', reason: 'cut' },
  refused: { type: 'refused' },
  checked: { type: 'checked' },
  elapsed: { type: 'elapsed', idleMs: 5_000, late: false },
  woke: { type: 'woke' },
  retried: { type: 'retried' },
  ended: { type: 'ended' },
} as const satisfies { [T in ConnectionEvent['type']]: Extract<ConnectionEvent, { type: T }> };

// What each event makes of each phase; '' means that nothing happens.
const TRANSITIONS: Record<Phase['name'], Record<keyof typeof EVENTS, Phase['name'] | ''>> = {
  opening: row({ opened: 'greeting', welcomed: 'online', lost: 'checking', elapsed: 'checking', ...ends() }),
  greeting: row({ welcomed: 'online', lost: 'checking', elapsed: 'checking', ...ends() }),
  online: row({ lost: 'waiting', elapsed: 'verifying', woke: 'verifying', retried: 'verifying', ...ends() }),
  verifying: row({ heard: 'online', lost: 'waiting', elapsed: 'waiting', ...ends() }),
  checking: row({ checked: 'waiting', elapsed: 'waiting', woke: 'opening', retried: 'opening', ...ends() }),
  waiting: row({ elapsed: 'opening', woke: 'opening', retried: 'opening', ...ends() }),
  unauthenticated: row({ retried: 'opening', ended: 'closed' }),
  closed: row({}),
};

function row(changes: Partial<Record<keyof typeof EVENTS, Phase['name'] | ''>>) {
  const nothing = { opened: '', welcomed: '', heard: '', lost: '', refused: '', checked: '' } as const;
  return { ...nothing, elapsed: '', woke: '', retried: '', ended: '', ...changes } as const;
}

function ends() {
  return { refused: 'unauthenticated', ended: 'closed' } as const;
}

describe('every event in every phase', () => {
  for (const [name, phase] of Object.entries(PHASES)) {
    for (const [type, event] of Object.entries(EVENTS)) {
      const expected = TRANSITIONS[phase.name][event.type];
      test(`${name} + ${type} -> ${expected || 'stays'}`, () => {
        const step = stepConnection(phase, event, AT);
        expect(step.phase.name).toBe(expected || phase.name);
        expect(step.effects.length === 0).toBe(expected === '');
      });
    }
  }
});

test('every phase that waits for something has a timer that ends the waiting', () => {
  const steps: Step[] = [firstStep(0)];
  for (const phase of Object.values(PHASES)) {
    for (const event of Object.values(EVENTS)) steps.push(stepConnection(phase, event, AT));
  }
  const changed = steps.filter(({ effects }) => effects.length > 0);
  for (const { phase, effects } of changed) {
    const timers = effects.flatMap((effect) => (typeof effect === 'object' ? [effect.timer] : []));
    expect(timers).toHaveLength(1);
    const isEnd = phase.name === 'unauthenticated' || phase.name === 'closed';
    expect(timers[0] === undefined).toBe(isEnd);
  }
});

test('a socket is never left behind', () => {
  const ends = new Set(['checking', 'waiting', 'unauthenticated', 'closed']);
  const phases = [PHASES.opening, PHASES.greeting, PHASES.online, PHASES.verifying];
  const steps = phases.flatMap((phase) => Object.values(EVENTS).map((event) => stepConnection(phase, event, AT)));
  const left = steps.filter(({ phase }) => ends.has(phase.name));
  expect(left.length).toBeGreaterThan(8);
  expect(left.filter(({ effects }) => !effects.includes('drop'))).toEqual([]);
});

test('a dead link is known within five seconds of the last word from the server', () => {
  const quiet = stepConnection(PHASES.online, { type: 'elapsed', idleMs: 2_000, late: false }, AT);
  const dead = stepConnection(quiet.phase, { type: 'elapsed', idleMs: 5_000, late: false }, AT);
  expect(dead.phase).toMatchObject({ name: 'waiting', reason: 'The server stopped answering' });
  expect(2_000 + timerOf(quiet)).toBeLessThanOrEqual(5_000);
});

test('a busy line is not asked', () => {
  const step = stepConnection(PHASES.online, { type: 'elapsed', idleMs: 500, late: false }, AT);
  expect(step).toEqual({ phase: PHASES.online, effects: [{ timer: 1_500 }] });
});

test('a timer that fires late proves nothing: the line is asked once more', () => {
  for (const phase of [PHASES.online, PHASES.verifying]) {
    const step = stepConnection(phase, { type: 'elapsed', idleMs: 3_600_000, late: true }, AT);
    expect(step.phase.name).toBe('verifying');
    expect(step.effects).toContain('ping');
  }
});

test('an answer tells the latency, never below zero', () => {
  const step = stepConnection(PHASES.verifying, { type: 'heard' }, { now: 59_040, random: 0 });
  expect(toConnectionState(step.phase)).toMatchObject({ status: 'online', latencyMs: 40 });
  const back = stepConnection(PHASES.verifying, { type: 'heard' }, { now: 10_000, random: 0 });
  expect(toConnectionState(back.phase)).toMatchObject({ latencyMs: 0 });
});

test('waits double from a quarter of a second to fifteen', () => {
  let phase: Phase = firstStep(0).phase;
  const waits: number[] = [];
  for (let failure = 0; failure < 9; failure += 1) {
    const checking = stepConnection(phase, EVENTS.lost, AT);
    const waiting = stepConnection(checking.phase, EVENTS.checked, AT);
    waits.push(timerOf(waiting));
    phase = stepConnection(waiting.phase, EVENTS.elapsed, AT).phase;
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test('a connection that held starts the waits anew; one that did not goes on with them', () => {
  const held = stepConnection({ ...PHASES.online, attempt: 7, since: AT.now - 10_000 }, EVENTS.lost, AT);
  expect(timerOf(held)).toBe(250);
  const brief = stepConnection({ ...PHASES.online, attempt: 7, since: AT.now - 9_999 }, EVENTS.lost, AT);
  expect(timerOf(brief)).toBe(15_000);
});

test('jitter takes off at most half', () => {
  const phase = { ...PHASES.online, since: 0 };
  expect(timerOf(stepConnection(phase, EVENTS.lost, { now: 60_000, random: 0 }))).toBe(125);
});

test('the public state says what is true', () => {
  expect(toConnectionState(PHASES.greeting)).toEqual({ status: 'connecting', attempt: 3 });
  expect(toConnectionState(PHASES.checking)).toEqual({ status: 'connecting', attempt: 3 });
  expect(toConnectionState(PHASES.waiting)).toEqual({
    status: 'offline',
    since: 0,
    attempt: 3,
    retryAt: 61_000,
    reason: 'why',
  });
});

function timerOf({ effects }: Step): number {
  for (const effect of effects) if (typeof effect === 'object' && effect.timer !== undefined) return effect.timer;
  throw new Error('no timer');
}
