import type { ApprovalId, ItemId, QuestionId, SessionEvent, TurnId } from '@baton/protocol';
import { AT, contextOf, record, SESSION } from '@baton/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentEvent, AgentTurnEnd } from '../ports/backend.ts';
import { toSessionView } from '../projection/session-view.ts';
import { checkInvariants } from './check-invariants.ts';
import { decide } from './decide.ts';
import type { SessionCommand } from './decision.ts';
import { evolve } from './evolve.ts';
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
const report: fc.Arbitrary<AgentEvent | AgentTurnEnd> = fc.oneof(
  fc.constant({ type: 'agent.started' as const, pid: 1, version: '1' }),
  fc.boolean().map((expected) => ({ type: 'agent.exited' as const, code: null, signal: 'SIGKILL', expected })),
  small.map((n) => ({ type: 'turn.started' as const, turnId: turn(n), input: [], by: 'agent' })),
  fc
    .tuple(small, fc.constantFrom('completed' as const, 'interrupted' as const, 'failed' as const))
    .map(([n, outcome]) => ({ type: 'turn.ended' as const, turnId: turn(n), outcome })),
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
  fc.boolean().map((resume) => ({
    type: 'session.settle' as const,
    resume,
    failure: { kind: 'server-restarted' as const, message: 'gone' },
  })),
);

interface Walk {
  state: SessionState;
  log: SessionEvent[];
}

function step(walk: Walk, each: SessionCommand, count: number): Walk {
  const decision = decide(walk.state, each, contextOf({ freshTurnId: `trn_fresh${count}` as TurnId }));
  if (!decision.ok) return walk;
  const recorded = record(decision.events, walk.log.length);
  return { state: recorded.reduce(evolve, walk.state), log: [...walk.log, ...decision.events] };
}

describe('a session', () => {
  test('keeps every invariant whatever is asked of it and whatever its agent does', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const create: SessionCommand = { type: 'session.create', backend: 'b', cwd: '/w' };
        let walk = step({ state: noSession, log: [] }, create, 0);
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
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let walk = step({ state: noSession, log: [] }, { type: 'session.create', backend: 'b', cwd: '/w' }, 0);
        for (const [index, each] of commands.entries()) walk = step(walk, each, index + 1);
        const replayed = record(walk.log).reduce(evolve, noSession);
        expect(replayed).toEqual(walk.state);
        if (replayed.status === 'open') expect(toSessionView(replayed).updatedAt).toBe(AT);
      }),
      { numRuns: 300 },
    );
  });

  test('ends everything it started once the process and the server are gone', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        let walk = step({ state: noSession, log: [] }, { type: 'session.create', backend: 'b', cwd: '/w' }, 0);
        for (const [index, each] of commands.entries()) walk = step(walk, each, index + 1);
        const failure = { kind: 'server-restarted' as const, message: 'gone' };
        walk = step(walk, { type: 'session.settle', failure, resume: false }, 1000);
        walk = step(walk, { type: 'session.settle', failure, resume: false }, 1001);
        expect(walk.state).toMatchObject({ items: [], approvals: [], questions: [], agent: { phase: 'down' } });
        expect(walk.state).not.toHaveProperty('turn');
      }),
      { numRuns: 500 },
    );
  });
});
