import type { SessionId } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Admission, type Applicant, createAdmission } from './admission.ts';
import { type AgentLimits, BACKGROUND_LAG_MS } from './admission-policy.ts';
import { createBackendBreakers } from './backend-breakers.ts';

const session = (n: number) => `ses_${n}` as SessionId;
const USERS = ['ada', 'bob', 'cem'];

function setUp(limits: AgentLimits) {
  const clock = createManualClock();
  const breakers = createBackendBreakers(clock);
  const running = new Map<SessionId, Applicant>();
  const idle = new Map<SessionId, number>();
  const order: SessionId[] = [];
  const admission: Admission = createAdmission({
    clock,
    limits,
    breakers,
    findIdle: () => [...idle].map(([sessionId, since]) => ({ sessionId, since })),
    async rest(sessionId) {
      const wasIdle = idle.delete(sessionId);
      if (wasIdle) free(sessionId);
      return wasIdle;
    },
    onMoved() {},
  });
  const admit = (applicant: Applicant) => {
    running.set(applicant.sessionId, applicant);
    order.push(applicant.sessionId);
  };
  function ask(applicant: Applicant, notBefore = 0): void {
    if (admission.tryTake(applicant)) return admit(applicant);
    admission.join(applicant, { notBefore, onGrant: () => admit(applicant) });
  }
  function free(sessionId: SessionId): void {
    running.delete(sessionId);
    idle.delete(sessionId);
    admission.leave(sessionId);
  }
  function rest(sessionId: SessionId): void {
    idle.set(sessionId, clock.now());
    admission.review();
  }
  return { clock, admission, breakers, running, idle, order, ask, free, rest };
}

const toApplicant = (n: number, background = false): Applicant => ({
  sessionId: session(n),
  backend: 'scripted',
  user: USERS[n % USERS.length] ?? '',
  background,
});

type Move =
  | { kind: 'ask'; n: number; background: boolean; delay: number }
  | { kind: 'free' | 'idle' | 'first' | 'last' | 'hurry'; n: number }
  | { kind: 'pass'; ms: number };

const which = fc.integer({ min: 0, max: 11 });
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      n: which,
      background: fc.boolean(),
      delay: fc.constantFrom(0, 0, 5000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('free' as const, 'idle' as const, 'first' as const, 'last' as const, 'hurry' as const),
      n: which,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 700_000 }) }) },
);

type Bench = ReturnType<typeof setUp>;

function play({ admission, running, clock, ask, free, rest }: Bench, each: Move): void {
  switch (each.kind) {
    case 'ask':
      if (running.has(session(each.n)) || admission.positionOf(session(each.n)) !== undefined) return;
      return ask(toApplicant(each.n, each.background), each.delay === 0 ? 0 : clock.now() + each.delay);
    case 'pass':
      return clock.advance(each.ms);
    case 'free':
      return free(session(each.n));
    case 'idle':
      if (running.has(session(each.n))) rest(session(each.n));
      return;
    case 'hurry':
      return admission.hurry(session(each.n));
    default:
      if (admission.positionOf(session(each.n)) !== undefined) admission.move(session(each.n), each.kind);
  }
}

describe('places for agents', () => {
  test('are never more than allowed, never empty while somebody could use them, and come to everybody', async () => {
    const limitsOf = fc.record({ inAll: fc.integer({ min: 0, max: 4 }), perUser: fc.integer({ min: 0, max: 2 }) });
    await fc.assert(
      fc.asyncProperty(limitsOf, fc.array(move, { maxLength: 60, size: 'max' }), async (limits, moves) => {
        const bench = setUp(limits);
        for (const each of moves) {
          play(bench, each);
          // Whoever is put to sleep is gone a moment later.
          await Promise.resolve();
          checkLimits(bench, limits);
          checkNoWaste(bench, limits);
        }
        drain(bench);
        expect(bench.admission.list().items).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('come to the background, too, however many people ask', () => {
    const { clock, ask, free, order, running, admission } = setUp({ inAll: 1, perUser: 0 });
    ask(toApplicant(0));
    ask(toApplicant(1, true));
    let next = 2;
    for (let waited = 0; admission.positionOf(session(1)) !== undefined; waited += 60_000) {
      expect(waited).toBeLessThanOrEqual(BACKGROUND_LAG_MS + 120_000);
      ask(toApplicant((next += 1)));
      clock.advance(60_000);
      for (const sessionId of [...running.keys()]) free(sessionId);
    }
    expect(order.at(-1)).toBe(session(1));
    expect(order.length).toBeGreaterThan(5);
  });

  test('do not come to a backend that fails before it may be tried again', () => {
    const { clock, ask, breakers, running, admission } = setUp({ inAll: 0, perUser: 0 });
    for (let n = 0; n < 5; n += 1) breakers.failed('scripted', session(n), undefined);
    ask(toApplicant(9));
    expect(running.size).toBe(0);
    expect(admission.list().items).toMatchObject([{ because: 'backend-failing', notBefore: expect.any(String) }]);
    clock.advance(30_000);
    expect([...running.keys()]).toEqual([session(9)]);
    ask(toApplicant(10));
    expect(running.size).toBe(1);
    breakers.succeeded('scripted');
    ask(toApplicant(11));
    expect(running.size).toBe(2);
  });
});

function checkLimits({ running }: Bench, { inAll, perUser }: AgentLimits): void {
  if (inAll > 0) expect(running.size).toBeLessThanOrEqual(inAll);
  if (perUser === 0) return;
  for (const user of USERS) expect(countOf(running, user)).toBeLessThanOrEqual(perUser);
}

// What leaves frees a place for who may have it.
function checkNoWaste({ admission, running, idle }: Bench, { inAll, perUser }: AgentLimits): void {
  for (const { by, notBefore } of admission.list().items) {
    if (notBefore !== undefined) continue;
    const userIsFull = perUser > 0 && countOf(running, by) >= perUser;
    expect(userIsFull || (inAll > 0 && running.size >= inAll)).toBe(true);
    if (!userIsFull) expect(idle.size).toBe(0);
  }
}

function drain({ admission, running, clock, free }: Bench): void {
  for (let round = 0; round < 30 && admission.list().items.length > 0; round += 1) {
    clock.advance(10_000);
    for (const sessionId of [...running.keys()]) free(sessionId);
  }
}

function countOf(running: ReadonlyMap<SessionId, Applicant>, user: string): number {
  return [...running.values()].filter((each) => each.user === user).length;
}
