import type { ApprovalId, ItemId, QuestionId, SessionEvent, TurnId } from '@baton/protocol';
import { AT, contextOf, record, SESSION } from '@baton/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentEvent, AgentTurnEnd, AgentWentBack } from '../ports/backend.ts';
import { toSessionView } from '../projection/session-view.ts';
import { checkInvariants } from './check-invariants.ts';
import { emptyTimeline, foldTimeline } from '../projection/fold-timeline.ts';
import { decide } from './decide.ts';
import type { DecisionContext, EndedTurn, SessionCommand } from './decision.ts';
import { evolve } from './evolve.ts';
import { type GoneTurns, GoneTurnsSearch } from './gone-turns.ts';
import { noSession, type SessionState } from './state.ts';

const input = [{ type: 'text' as const, text: 'go' }];
const small = fc.integer({ min: 0, max: 4 });
const turn = (n: number) => `trn_${n}` as TurnId;
const item = (n: number) => `itm_${n}` as ItemId;
const approval = (n: number) => `apr_${n}` as ApprovalId;
const question = (n: number) => `qst_${n}` as QuestionId;
const message = { type: 'agent-message' as const, text: '' };
const offered = [{ id: 'yes', title: 'Allow', kind: 'allow-once' as const }];

// Few ids, so that repeats, crossings and late reports are common.
const report: fc.Arbitrary<AgentEvent | AgentTurnEnd | AgentWentBack> = fc.oneof(
  fc.constant({ type: 'agent.started' as const, pid: 1, version: '1' }),
  small.map((n) => ({ type: 'agent.started' as const, pid: 1, version: '1', nativeId: `native-${n}` })),
  fc.boolean().map((expected) => ({ type: 'agent.exited' as const, code: null, signal: 'SIGKILL', expected })),
  fc.tuple(fc.boolean(), fc.option(small)).map(([expected, heard]) => ({
    ...{ type: 'agent.exited' as const, code: null, signal: 'SIGKILL', expected },
    heard: heard === null ? null : turn(heard),
  })),
  small.map((n) => ({ type: 'turn.started' as const, turnId: turn(n), input: [], by: 'agent' })),
  fc
    .tuple(small, fc.constantFrom('completed' as const, 'interrupted' as const, 'failed' as const), fc.boolean())
    .map(([n, outcome, isNamed]) => ({
      ...{ type: 'turn.ended' as const, turnId: turn(n), outcome },
      ...(isNamed ? { point: `end-of-${n}` } : {}),
    })),
  fc
    .tuple(small, small)
    .map(([t, n]) => ({ type: 'item.started' as const, turnId: turn(t), itemId: item(n), item: message })),
  small.map((n) => ({ type: 'item.ended' as const, itemId: item(n), item: message })),
  fc.tuple(small, small).map(([t, n]) => ({
    type: 'approval.requested' as const,
    turnId: turn(t),
    approvalId: approval(n),
    title: 'x',
    action: { kind: 'execute' as const, tool: 'x', input: {} },
    options: offered,
  })),
  small.map((n) => ({ type: 'approval.withdrawn' as const, approvalId: approval(n), reason: 'x' })),
  fc.tuple(small, small).map(([t, n]) => ({
    type: 'question.asked' as const,
    turnId: turn(t),
    questionId: question(n),
    questions: [{ id: 'q', question: 'x', multiSelect: false, options: [] }],
  })),
  small.map((n) => ({ type: 'question.withdrawn' as const, questionId: question(n), reason: 'x' })),
  small.map((n) => ({ type: 'plan.updated' as const, turnId: turn(n), entries: [] })),
  fc.constant({ type: 'session.configured' as const, mode: 'plan', by: 'agent' }),
);

// A conversation that began elsewhere, as a fork or an import brings it.
const inheritedTurn = 'trn_0' as TurnId;
const imported: SessionCommand = {
  type: 'session.import',
  created: { type: 'session.created', backend: 'b', cwd: '/w', branch: { nativeId: 'other', point: 'p' }, by: 'ada' },
  past: [
    { type: 'turn.started', turnId: inheritedTurn, input, by: 'ada' },
    { type: 'item.started', turnId: inheritedTurn, itemId: item(0), item: message },
    { type: 'item.ended', itemId: item(0), item: message },
    { type: 'turn.ended', turnId: inheritedTurn, outcome: 'completed', point: 'p', costUsd: 1, durationMs: 1 },
  ],
};
const created: SessionCommand = { type: 'session.create', backend: 'b', cwd: '/w' };
const beginning = fc.constantFrom(created, imported);

const command: fc.Arbitrary<SessionCommand> = fc.oneof(
  { weight: 8, arbitrary: report.map((each) => ({ type: 'agent.report' as const, report: each })) },
  {
    weight: 3,
    arbitrary: small.map((n) => ({ type: 'turn.start' as const, sessionId: SESSION, turnId: turn(n), input })),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'turn.start' as const, sessionId: SESSION, input }) },
  fc.constant({ type: 'turn.interrupt' as const, sessionId: SESSION }),
  small.map((n) => ({ type: 'turn.unqueue' as const, sessionId: SESSION, turnId: turn(n) })),
  fc
    .tuple(small, fc.constantFrom('yes', 'no'))
    .map(([n, option]) => ({ type: 'approval.answer' as const, approvalId: approval(n), option })),
  small.map((n) => ({ type: 'question.answer' as const, questionId: question(n), answers: { q: 'a' } })),
  fc.constant({ type: 'session.stop' as const, sessionId: SESSION }),
  fc.constant({ type: 'session.start' as const, sessionId: SESSION }),
  fc.boolean().map((archived) => ({ type: 'session.archive' as const, sessionId: SESSION, archived })),
  fc.constant({ type: 'session.create' as const, backend: 'b', cwd: '/w' }),
  fc.constant({ type: 'session.admit' as const }),
  fc.constant({ type: 'session.sleep' as const, reason: 'room' as const }),
  fc.constant({ type: 'session.leave' as const }),
  fc.constant({ type: 'turn.steer' as const, sessionId: SESSION, input }),
  fc.constant(imported),
  fc.tuple(fc.boolean(), fc.constantFrom(undefined, null, ...[0, 1, 2].map(turn))).map(([resume, heard]) => ({
    type: 'session.settle' as const,
    resume,
    heard,
    failure: { kind: 'server-restarted' as const, message: 'gone' },
  })),
);

// By chance alone hardly a turn would end and be gone back to.
const wholeTurn: fc.Arbitrary<SessionCommand[]> = fc.tuple(small, report).map(([n, within]) => [
  { type: 'turn.start', sessionId: SESSION, turnId: turn(n), input },
  { type: 'agent.report', report: { type: 'agent.started', pid: 1, version: '1', nativeId: 'native' } },
  { type: 'agent.report', report: within },
  { type: 'agent.report', report: { type: 'turn.ended', turnId: turn(n), outcome: 'completed', point: `end-of-${n}` } },
]);
const goBack: fc.Arbitrary<SessionCommand[]> = small.map((n) => [
  { type: 'session.rewind', sessionId: SESSION, turnId: turn(n) },
]);
const goneBack: fc.Arbitrary<SessionCommand[]> = fc
  .subarray([0, 1, 2, 3, 4])
  .map((kept) => ({ type: 'agent.went-back' as const, points: kept.map((n) => `end-of-${n}`) }))
  .map((each) => [{ type: 'agent.report', report: each }]);
const walkOf = (maxLength: number): fc.Arbitrary<SessionCommand[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 12, arbitrary: command.map((each) => [each]) },
        { weight: 3, arbitrary: wholeTurn },
        { weight: 1, arbitrary: goBack },
        { weight: 1, arbitrary: goneBack },
      ),
      { maxLength, size: 'max' },
    )
    .map((moves) => moves.flat());

interface Walk {
  state: SessionState;
  log: SessionEvent[];
  /** The agent was asked for when there was no place for it, and has none yet. */
  waits: boolean;
}

function begin(first: SessionCommand): Walk {
  return step({ state: noSession, log: [], waits: false }, first, 0);
}

function step(walk: Walk, each: SessionCommand, count: number): Walk {
  const endedTurn = each.type === 'session.rewind' ? findEndedTurn(walk, each.turnId) : undefined;
  // What has no process says nothing.
  if (walk.waits && each.type === 'agent.report') return walk;
  const outlook = toOutlook(walk, count);
  const gone = each.type === 'agent.report' ? findGone(walk, each.report) : undefined;
  const context = contextOf({ freshTurnId: `trn_fresh${count}` as TurnId, endedTurn, gone, ...outlook });
  const decision = decide(walk.state, each, context);
  if (!decision.ok) return walk;
  const recorded = record(decision.events, walk.log.length);
  const state = recorded.reduce(evolve, walk.state);
  const isStarting = state.status === 'open' && state.agent.phase === 'starting';
  const begins = decision.events.some((event) => event.type === 'session.start-requested');
  const waits = isStarting && each.type !== 'session.admit' && (walk.waits || (begins && !outlook.mayStart));
  if (waits) expect(state).not.toHaveProperty('turn');
  return { state, log: [...walk.log, ...decision.events], waits };
}

// Places come and go; who ends unasked comes back later, at once or never.
function toOutlook({ waits, log }: Walk, count: number): Pick<DecisionContext, 'waits' | 'mayStart' | 'retry'> {
  const retries: DecisionContext['retry'][] = [
    undefined,
    { kind: 'given-up', attempts: 5 },
    { kind: 'held' },
    { kind: 'later', at: AT, delayMs: 1000, attempt: 1, attempts: 4 },
  ];
  const mayStart = !waits && (log.length + count) % 3 !== 0;
  return { waits, mayStart, retry: retries[(log.length + 2 * count) % 4] };
}

function walkOn(first: SessionCommand, commands: readonly SessionCommand[]): Walk {
  let walk = begin(first);
  for (const [index, each] of commands.entries()) walk = step(walk, each, index + 1);
  return walk;
}

/** The log without what was taken back, as a backend is given it. */
function historyOf({ state, log }: Walk): ReturnType<typeof record> {
  const takenBack = state.status === 'open' ? state.takenBack : [];
  return record(log).filter(({ seq }) => !takenBack.some(({ after, until }) => seq > after && seq <= until));
}

function findGone(walk: Walk, told: AgentEvent | AgentTurnEnd | AgentWentBack): GoneTurns | undefined {
  if (told.type !== 'agent.went-back') return undefined;
  const search = new GoneTurnsSearch(told.points);
  for (const recorded of historyOf(walk).toReversed()) if (!search.take(recorded)) break;
  return search.found;
}

function findEndedTurn(walk: Walk, turnId: TurnId): EndedTurn | undefined {
  const history = historyOf(walk);
  const index = history.findIndex(({ event }) => event.type === 'turn.ended' && event.turnId === turnId);
  const found = history[index];
  if (found?.event.type !== 'turn.ended') return undefined;
  const isLast = !history.slice(index).some(({ event }) => event.type === 'turn.started');
  return { turnId, seq: found.seq, isLast, point: found.event.point };
}

describe('a session', () => {
  test('keeps every invariant whatever is asked of it and whatever its agent does', () => {
    fc.assert(
      fc.property(beginning, walkOf(60), (first, commands) => {
        let walk = begin(first);
        for (const [index, each] of commands.entries()) {
          walk = step(walk, each, index + 1);
          expect(checkInvariants(walk.log, walk.state)).toEqual([]);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('is the same when its log is folded again', () => {
    fc.assert(
      fc.property(beginning, walkOf(40), (first, commands) => {
        const walk = walkOn(first, commands);
        const replayed = record(walk.log).reduce(evolve, noSession);
        expect(replayed).toEqual(walk.state);
        if (replayed.status === 'open') expect(toSessionView(replayed).updatedAt).toBe(AT);
      }),
      { numRuns: 300 },
    );
  });

  test('ends everything it started once the process and the server are gone', () => {
    fc.assert(
      fc.property(beginning, walkOf(60), (first, commands) => {
        let walk = walkOn(first, commands);
        const failure = { kind: 'server-restarted' as const, message: 'gone' };
        walk = step(walk, { type: 'session.settle', failure, resume: false }, 1000);
        walk = step(walk, { type: 'session.settle', failure, resume: false }, 1001);
        expect(walk.state).toMatchObject({ items: [], approvals: [], questions: [], agent: { phase: 'down' } });
        expect(walk.state).not.toHaveProperty('turn');
      }),
      { numRuns: 500 },
    );
  });

  test('shows a person the same conversation that its agent is given, wherever it went back to', () => {
    fc.assert(
      fc.property(beginning, walkOf(60), (first, commands) => {
        const walk = walkOn(first, commands);
        const { turns } = record(walk.log).reduce(foldTimeline, emptyTimeline);
        const history = historyOf(walk).map(({ event }) => event);
        const turnIds = history.flatMap((event) => (event.type === 'turn.started' ? [event.turnId] : []));
        expect(turns.map((each) => each.turnId)).toEqual(turnIds);
        const said = history.flatMap((event) => {
          if (event.type === 'item.started') return [`${event.turnId} ${event.itemId}`];
          return event.type === 'turn.steered' ? [`${event.turnId} steer`] : [];
        });
        const shown = turns.flatMap(({ turnId, items }) =>
          items.map(({ itemId, item: each }) => `${turnId} ${each.type === 'user-message' ? 'steer' : itemId}`),
        );
        expect(shown).toEqual(said);
      }),
      { numRuns: 1000 },
    );
  });

  test('pays for no turn that it took over, and forgets none that it took back', () => {
    fc.assert(
      fc.property(walkOf(60), (commands) => {
        const { state, log } = walkOn(imported, commands);
        expect(state).not.toHaveProperty('costUsd');
        expect(record(log).filter(({ event }) => event.type === 'session.created')).toHaveLength(1);
        if (state.status === 'none') return;
        for (const { after, until } of state.takenBack) expect(after).toBeLessThan(until);
      }),
      { numRuns: 300 },
    );
  });
});
