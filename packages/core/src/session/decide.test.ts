import type { ApprovalId, ItemId, QuestionId, SessionEvent, TurnId } from '@baton/protocol';
import { AT, given, SESSION } from '@baton/testkit';
import { describe, test } from 'vitest';

const ONE = 'trn_one' as TurnId;
const TWO = 'trn_two' as TurnId;
const THREE = 'trn_three' as TurnId;
const ITEM = 'itm_one' as ItemId;
const CHILD = 'itm_child' as ItemId;
const APPROVAL = 'apr_one' as ApprovalId;
const QUESTION = 'qst_one' as QuestionId;
const input = [{ type: 'text' as const, text: 'fix the tests' }];

const created: SessionEvent = { type: 'session.created', backend: 'claude', cwd: '/w', by: 'ada' };
const startRequested: SessionEvent = { type: 'session.start-requested', by: 'ada' };
const agentStarted: SessionEvent = { type: 'agent.started', pid: 7, version: '2' };
const stopRequested: SessionEvent = { type: 'session.stop-requested', by: 'ada' };
const exited: SessionEvent = { type: 'agent.exited', code: 0, signal: null, expected: true };
const crashed: SessionEvent = { type: 'agent.exited', code: 137, signal: null, expected: false };
const idle = [created, startRequested, agentStarted];
const started: SessionEvent = { type: 'turn.started', turnId: ONE, input, by: 'ada' };
const running = [...idle, started];
const queued = (turnId: TurnId): SessionEvent => ({ type: 'turn.queued', turnId, input, by: 'ada' });
const toolCall = {
  type: 'tool-call',
  tool: 'Bash',
  title: 'ls',
  kind: 'execute',
  input: {},
  status: 'running',
  startedAt: AT,
} as const;
const itemStarted: SessionEvent = { type: 'item.started', turnId: ONE, itemId: ITEM, item: toolCall };
const asked: SessionEvent = {
  type: 'approval.requested',
  approvalId: APPROVAL,
  turnId: ONE,
  itemId: ITEM,
  title: 'rm -rf build',
  action: { kind: 'execute', tool: 'Bash', input: {} },
  options: [{ id: 'allow', title: 'Allow once', kind: 'allow-once' }],
};
const questioned: SessionEvent = {
  type: 'question.asked',
  questionId: QUESTION,
  turnId: ONE,
  questions: [{ id: 'q1', question: 'Which one?', multiSelect: false, options: [{ label: 'A' }] }],
};
const turnStart = { type: 'turn.start', sessionId: SESSION, input } as const;

describe('session.create', () => {
  const create = { type: 'session.create', backend: 'claude', cwd: '/w' } as const;
  test('creates the session and starts its agent', () =>
    given()
      .when(create)
      .then({ type: 'session.created', backend: 'claude', cwd: '/w', by: 'ada' }, { type: 'session.start-requested' }));
  test('with a prompt also starts a turn', () =>
    given()
      .when({ ...create, prompt: input })
      .then(
        { type: 'session.created' },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: 'trn_fresh' as TurnId, input },
      ));
  test('is refused when the session exists', () => given(created).when(create).rejected('conflict'));
});

describe('turn.start', () => {
  test('starts at once when nothing runs', () =>
    given(...idle)
      .when(turnStart)
      .then({ type: 'turn.started' }));
  test('is queued behind a running turn', () =>
    given(...running)
      .when(turnStart)
      .then({ type: 'turn.queued' }));
  test('wakes an agent that is down', () =>
    given(...idle, stopRequested, exited)
      .when(turnStart)
      .then({ type: 'session.start-requested' }, { type: 'turn.started' }));
  test('goes behind turns that a stop held back', () =>
    given(...idle, queued(ONE), stopRequested, exited)
      .when({ ...turnStart, turnId: TWO })
      .then(
        { type: 'turn.queued', turnId: TWO },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: ONE },
      ));
  test('waits for a stopping agent, which then starts again', () => {
    given(...idle, stopRequested)
      .when({ ...turnStart, turnId: TWO })
      .then({ type: 'turn.queued', turnId: TWO });
    given(...idle, stopRequested, queued(TWO))
      .when({ type: 'agent.report', report: exited })
      .then(
        { type: 'agent.exited', expected: true },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: TWO },
      );
  });
  test('takes an archived session out of the archive', () =>
    given(...idle, { type: 'session.archived', archived: true, by: 'ada' })
      .when(turnStart)
      .then({ type: 'session.archived', archived: false }, { type: 'turn.started' }));
  test('is refused for an id that was used before', () =>
    given(...running)
      .when({ ...turnStart, turnId: ONE })
      .rejected('conflict'));
  test('is refused for a session that does not exist', () => given().when(turnStart).rejected('not-found'));
});

describe('turn.interrupt', () => {
  const interrupt = { type: 'turn.interrupt', sessionId: SESSION } as const;
  test('is asked of a running turn', () =>
    given(...running)
      .when(interrupt)
      .then({ type: 'turn.interrupt-requested', turnId: ONE }));
  test('is asked only once', () =>
    given(...running, { type: 'turn.interrupt-requested', turnId: ONE, by: 'ada' })
      .when(interrupt)
      .thenNothing());
  test('is refused when nothing runs', () =>
    given(...idle)
      .when(interrupt)
      .rejected('turn-not-running'));
  test('an agent that dies of it ends the turn as interrupted', () =>
    given(...running, { type: 'turn.interrupt-requested', turnId: ONE, by: 'ada' })
      .when({ type: 'agent.report', report: crashed })
      .then({ type: 'turn.ended', outcome: 'interrupted' }, { type: 'agent.exited', expected: false }));
});

describe('turn.unqueue', () => {
  const unqueue = { type: 'turn.unqueue', sessionId: SESSION, turnId: TWO } as const;
  test('removes a waiting turn', () =>
    given(...running, queued(TWO))
      .when(unqueue)
      .then({ type: 'turn.unqueued', turnId: TWO }));
  test('is refused for a turn that runs', () =>
    given(...running)
      .when({ ...unqueue, turnId: ONE })
      .rejected('conflict'));
  test('is refused for a turn that never was', () =>
    given(...running)
      .when(unqueue)
      .rejected('not-found'));
});

describe('the end of a turn', () => {
  const end = { type: 'turn.ended', turnId: ONE, outcome: 'completed' } as const;
  test('starts the turn that waited longest', () =>
    given(...running, queued(TWO), queued(THREE))
      .when({ type: 'agent.report', report: end })
      .then({ type: 'turn.ended', outcome: 'completed' }, { type: 'turn.started', turnId: TWO }));
  test('closes what is open, children first, with the text so far', () =>
    given(
      ...running,
      itemStarted,
      {
        type: 'item.started',
        turnId: ONE,
        itemId: CHILD,
        parentItemId: ITEM,
        item: { type: 'agent-message', text: '' },
      },
      asked,
      questioned,
    )
      .when(
        { type: 'agent.report', report: { ...end, outcome: 'interrupted' } },
        { textSoFar: (id) => (id === CHILD ? 'half a sen' : 'out') },
      )
      .then(
        { type: 'approval.withdrawn', approvalId: APPROVAL },
        { type: 'question.withdrawn', questionId: QUESTION },
        { type: 'item.ended', itemId: CHILD, item: { type: 'agent-message', text: 'half a sen' } },
        {
          type: 'item.ended',
          itemId: ITEM,
          item: { ...toolCall, status: 'interrupted', output: [{ type: 'terminal', text: 'out' }], endedAt: AT },
        },
        { type: 'turn.ended', turnId: ONE, outcome: 'interrupted', durationMs: 0 },
      ));
  test('of another turn is dropped', () =>
    given(...running)
      .when({ type: 'agent.report', report: { ...end, turnId: TWO } })
      .thenNothing());
});

describe('the end of the process', () => {
  test('unasked fails the turn with what to do, and goes on with what waits', () =>
    given(...running, queued(TWO))
      .when({ type: 'agent.report', report: crashed })
      .then(
        { type: 'turn.ended', outcome: 'failed' },
        { type: 'agent.exited', expected: false },
        { type: 'session.start-requested' },
        { type: 'turn.started', turnId: TWO },
      ));
  test('after a stop interrupts the turn and holds what waits', () =>
    given(...running, queued(TWO), stopRequested)
      .when({ type: 'agent.report', report: { ...crashed } })
      .then({ type: 'turn.ended', outcome: 'interrupted' }, { type: 'agent.exited', expected: true }));
  test('twice is one end', () =>
    given(...idle, exited)
      .when({ type: 'agent.report', report: exited })
      .thenNothing());
  test('drops what comes after it', () =>
    given(...idle, exited)
      .when({ type: 'agent.report', report: itemStarted })
      .thenNothing());
  test('found by a new server fails the turn as server-restarted', () =>
    given(...running, itemStarted)
      .when({ type: 'session.settle', resume: true, failure: { kind: 'server-restarted', message: 'gone' } })
      .then(
        { type: 'item.ended', itemId: ITEM },
        { type: 'turn.ended', outcome: 'failed', error: { kind: 'server-restarted', message: 'gone' } },
        { type: 'agent.exited', expected: false },
      ));
  test('found stopping by a new server holds the queue, as the stop would have', () =>
    given(...running, queued(TWO), stopRequested)
      .when({ type: 'session.settle', resume: true, failure: { kind: 'server-restarted', message: 'gone' } })
      .then({ type: 'turn.ended', turnId: ONE }, { type: 'agent.exited' }));
  test('found stopping and wanted again by a new server is started', () =>
    given(...idle, stopRequested, startRequested)
      .when({ type: 'session.settle', resume: true, failure: { kind: 'server-restarted', message: 'gone' } })
      .then({ type: 'agent.exited' }, { type: 'session.start-requested' }));
  test('wanted again is not started by a server that stops', () =>
    given(...idle, stopRequested, startRequested)
      .when({ type: 'session.settle', resume: false, failure: { kind: 'server-restarted', message: 'gone' } })
      .then({ type: 'agent.exited' }));
});

describe('reports', () => {
  test('of an item outside any turn begin a turn of the agent', () =>
    given(...idle)
      .when({ type: 'agent.report', report: { ...itemStarted, turnId: TWO } })
      .then({ type: 'turn.started', turnId: TWO, by: 'agent', input: [] }, { type: 'item.started', turnId: TWO }));
  test('of an item of an ended turn are dropped', () =>
    given(...running, { type: 'turn.ended', turnId: ONE, outcome: 'completed', durationMs: 1 })
      .when({ type: 'agent.report', report: itemStarted })
      .thenNothing());
  test('of an item that is already known are dropped', () =>
    given(...running, itemStarted)
      .when({ type: 'agent.report', report: itemStarted })
      .thenNothing());
  test('of an end without a start are dropped', () =>
    given(...running)
      .when({ type: 'agent.report', report: { type: 'item.ended', itemId: ITEM, item: toolCall } })
      .thenNothing());
  test('of a mode that is already set add nothing', () =>
    given(...idle, { type: 'session.configured', mode: 'plan', by: 'ada' })
      .when({ type: 'agent.report', report: { type: 'session.configured', mode: 'plan', by: 'agent' } })
      .thenNothing());
});

describe('approval.answer', () => {
  const answer = { type: 'approval.answer', approvalId: APPROVAL, option: 'allow' } as const;
  test('takes one of the offered options', () =>
    given(...running, asked)
      .when(answer)
      .then({ type: 'approval.answered', option: 'allow', by: 'ada', via: 'user' }));
  test('is refused for an option that was not offered', () =>
    given(...running, asked)
      .when({ ...answer, option: 'sudo' })
      .rejected('invalid-input'));
  test('is refused when somebody was first', () =>
    given(...running, asked, {
      type: 'approval.answered',
      approvalId: APPROVAL,
      option: 'allow',
      by: 'bob',
      via: 'user',
    })
      .when(answer)
      .rejected('approval-already-answered'));
});

describe('question.answer', () => {
  const answer = { type: 'question.answer', questionId: QUESTION, answers: { 'Which one?': 'B' } } as const;
  test('stores answers by id, whichever way they were keyed', () =>
    given(...running, questioned)
      .when(answer)
      .then({ type: 'question.answered', answers: { q1: 'B' } }));
  test('is refused for a question that was not asked', () =>
    given(...running, questioned)
      .when({ ...answer, answers: { other: 'B' } })
      .rejected('invalid-input'));
  test('is refused without an answer', () =>
    given(...running, questioned)
      .when({ ...answer, answers: {} })
      .rejected('invalid-input'));
});

describe('configure, stop, start, archive', () => {
  test('a change that changes nothing adds nothing', () =>
    given(...idle, { type: 'session.configured', title: 'T', by: 'ada' })
      .when({ type: 'session.configure', sessionId: SESSION, title: 'T' })
      .thenNothing());
  test('a mode that the agent does not have is refused', () =>
    given(...idle, {
      type: 'agent.ready',
      models: [],
      modes: [{ id: 'plan', title: 'Plan' }],
      commands: [],
      tools: [],
      mcpServers: [],
    })
      .when({ type: 'session.configure', sessionId: SESSION, mode: 'yolo' })
      .rejected('invalid-input'));
  test('stop is asked once', () => {
    given(...idle)
      .when({ type: 'session.stop', sessionId: SESSION })
      .then({ type: 'session.stop-requested' });
    given(...idle, stopRequested)
      .when({ type: 'session.stop', sessionId: SESSION })
      .thenNothing();
  });
  test('start lets held turns go on', () =>
    given(...idle, queued(ONE), stopRequested, exited)
      .when({ type: 'session.start', sessionId: SESSION })
      .then({ type: 'session.start-requested' }, { type: 'turn.started', turnId: ONE }));
  test('archive stops the agent', () =>
    given(...idle)
      .when({ type: 'session.archive', sessionId: SESSION, archived: true })
      .then({ type: 'session.archived', archived: true }, { type: 'session.stop-requested' }));
});

describe('an agent that waits for its place', () => {
  const waits = { mayStart: false, waits: true };
  const waiting = [created, startRequested, queued(ONE)];
  const left: SessionEvent = { type: 'agent.exited', expected: true, code: null, signal: null };

  test('keeps the first prompt of its session in the queue', () =>
    given()
      .when(
        { type: 'session.create', backend: 'claude', cwd: '/w', prompt: input, background: true },
        { mayStart: false },
      )
      .then(
        { type: 'session.created', background: true },
        { type: 'session.start-requested' },
        { type: 'turn.queued', input },
      ));
  test('keeps the prompt that asked for it, and those after it', () => {
    given(created)
      .when(turnStart, { mayStart: false })
      .then({ type: 'turn.queued' }, { type: 'session.start-requested' });
    given(...waiting)
      .when(turnStart, waits)
      .then({ type: 'turn.queued' });
    given(created, queued(ONE))
      .when({ type: 'session.start', sessionId: SESSION }, { mayStart: false })
      .then({ type: 'session.start-requested' });
  });
  test('begins with what waited longest when it has its place', () => {
    given(...waiting, queued(TWO))
      .when({ type: 'session.admit' })
      .then({ type: 'turn.started', turnId: ONE });
    given(created, startRequested).when({ type: 'session.admit' }).thenNothing();
    given(...running)
      .when({ type: 'session.admit' })
      .thenNothing();
  });
  test('is gone at once when it is stopped, interrupted, archived or left, and holds its prompts', () => {
    const stop = { type: 'session.stop-requested' } as const;
    given(...waiting)
      .when({ type: 'session.stop', sessionId: SESSION }, waits)
      .then(stop, left);
    given(...waiting)
      .when({ type: 'turn.interrupt', sessionId: SESSION }, waits)
      .then(stop, left);
    given(...waiting)
      .when({ type: 'session.leave' }, waits)
      .then({ ...stop, reason: 'unwatched' }, left);
    given(...waiting)
      .when({ type: 'session.archive', sessionId: SESSION, archived: true }, waits)
      .then({ type: 'session.archived' }, stop, left);
  });
  test('goes on waiting after the server was gone', () =>
    given(...waiting)
      .when(
        { type: 'session.settle', failure: { kind: 'server-restarted', message: 'gone' }, resume: true },
        { mayStart: false },
      )
      .then({ type: 'agent.exited' }, { type: 'session.start-requested' }));
});

describe('an agent that ended unasked', () => {
  const exit = {
    type: 'agent.report',
    report: { type: 'agent.exited', code: 1, signal: null, expected: false },
  } as const;
  const later = { kind: 'later', at: AT, delayMs: 2000, attempt: 2, attempts: 4 } as const;

  test('comes back later for what is queued, and its user is told when', () =>
    given(...running, queued(TWO))
      .when(exit, { mayStart: false, retry: later })
      .then(
        { type: 'turn.ended', turnId: ONE, outcome: 'failed' },
        { type: 'agent.exited' },
        { type: 'session.start-requested' },
        { type: 'notice.raised', level: 'warning' },
      ));
  test('comes back no more when it was given up, and holds the queue', () =>
    given(...running, queued(TWO))
      .when(exit, { mayStart: false, retry: { kind: 'given-up', attempts: 5 } })
      .then({ type: 'turn.ended' }, { type: 'agent.exited' }, { type: 'notice.raised', level: 'error' }));
  test('for a reason that would come again holds the queue, and its user is told', () =>
    given(...running, queued(TWO))
      .when(exit, { mayStart: false, retry: { kind: 'held' } })
      .then({ type: 'turn.ended' }, { type: 'agent.exited' }, { type: 'notice.raised', level: 'error' }));
  test("is nobody's concern when nothing waits", () =>
    given(...idle)
      .when(exit, { mayStart: false, retry: later })
      .then({ type: 'agent.exited' }));
});

describe('an agent that nobody needs', () => {
  const sleep = { type: 'session.sleep', reason: 'unused' } as const;
  test('sleeps only when it has nothing to do', () => {
    given(...idle)
      .when(sleep)
      .then({ type: 'session.stop-requested', reason: 'unused' });
    given(...running)
      .when(sleep)
      .thenNothing();
    given(created, startRequested).when(sleep).thenNothing();
    given(...idle, stopRequested)
      .when(sleep)
      .thenNothing();
  });
  test('is left in the middle of its work only by choice', () => {
    given(...running)
      .when({ type: 'session.leave' })
      .then({ type: 'session.stop-requested', reason: 'unwatched' });
    given(...idle, stopRequested, exited)
      .when({ type: 'session.leave' })
      .thenNothing();
    const choose = { type: 'session.configure', sessionId: SESSION, stopUnwatchedMinutes: 5 } as const;
    const chosen: SessionEvent = { type: 'session.configured', stopUnwatchedMinutes: 5, by: 'ada' };
    given(...idle)
      .when(choose)
      .then(chosen);
    given(...idle, chosen)
      .when(choose)
      .thenNothing();
    given(...idle)
      .when({ ...choose, stopUnwatchedMinutes: 0 })
      .thenNothing();
    given(...idle, chosen)
      .when({ ...choose, stopUnwatchedMinutes: 0 })
      .then({ type: 'session.configured' });
  });
});
