import type {
  ApprovalId,
  CheckpointId,
  ItemId,
  QuestionId,
  SessionEvent,
  SessionEventType,
  TurnId,
} from '@baton/protocol';
import { AT, fold, record } from '@baton/testkit';
import { describe, expect, test } from 'vitest';
import { evolve } from './evolve.ts';
import type { OpenSession } from './state.ts';
import { toStateName } from './state-name.ts';

type Situation = 'starting' | 'idle' | 'running' | 'waiting' | 'stopping' | 'stopped' | 'failed';

const TURN = 'trn_one' as TurnId;
const ITEM = 'itm_one' as ItemId;
const APPROVAL = 'apr_one' as ApprovalId;
const QUESTION = 'qst_one' as QuestionId;

/** One event of each kind, as it would follow in a session whose turn is `trn_one`. */
const EVENTS: { [T in SessionEventType]: Extract<SessionEvent, { type: T }> } = {
  'session.created': { type: 'session.created', backend: 'b', cwd: '/w', by: 'ada' },
  'session.configured': { type: 'session.configured', mode: 'plan', by: 'ada' },
  'session.continued': { type: 'session.continued', events: 1 },
  'session.rewound': { type: 'session.rewound', turnId: TURN, after: 1, by: 'ada' },
  'session.archived': { type: 'session.archived', archived: true, by: 'ada' },
  'session.start-requested': { type: 'session.start-requested', by: 'ada' },
  'session.stop-requested': { type: 'session.stop-requested', by: 'ada' },
  'agent.started': { type: 'agent.started', pid: 1, version: '1' },
  'agent.ready': { type: 'agent.ready', models: [], modes: [], commands: [], tools: [], mcpServers: [] },
  'agent.output': { type: 'agent.output', stream: 'stderr', text: 'x' },
  'agent.exited': { type: 'agent.exited', code: 1, signal: null, expected: false },
  'turn.queued': { type: 'turn.queued', turnId: 'trn_two' as TurnId, input: [], by: 'ada' },
  'turn.unqueued': { type: 'turn.unqueued', turnId: 'trn_two' as TurnId, by: 'ada' },
  'turn.requeued': { type: 'turn.requeued', turnId: TURN, reason: 'x' },
  'turn.started': { type: 'turn.started', turnId: TURN, input: [], by: 'ada' },
  'turn.steered': { type: 'turn.steered', turnId: TURN, input: [], by: 'ada' },
  'turn.interrupt-requested': { type: 'turn.interrupt-requested', turnId: TURN, by: 'ada' },
  'turn.ended': { type: 'turn.ended', turnId: TURN, outcome: 'completed', durationMs: 0 },
  'item.started': { type: 'item.started', turnId: TURN, itemId: ITEM, item: { type: 'reasoning', text: '' } },
  'item.ended': { type: 'item.ended', itemId: ITEM, item: { type: 'reasoning', text: 'x' } },
  'approval.requested': {
    type: 'approval.requested',
    approvalId: APPROVAL,
    turnId: TURN,
    title: 'x',
    action: { kind: 'execute', tool: 'x', input: {} },
    options: [{ id: 'a', title: 'Allow', kind: 'allow-once' }],
  },
  'approval.answered': { type: 'approval.answered', approvalId: APPROVAL, option: 'a', by: 'ada', via: 'user' },
  'approval.withdrawn': { type: 'approval.withdrawn', approvalId: APPROVAL, reason: 'x' },
  'question.asked': {
    type: 'question.asked',
    questionId: QUESTION,
    turnId: TURN,
    questions: [{ id: 'q', question: 'x', multiSelect: false, options: [] }],
  },
  'question.answered': { type: 'question.answered', questionId: QUESTION, answers: { q: 'x' }, by: 'ada' },
  'question.withdrawn': { type: 'question.withdrawn', questionId: QUESTION, reason: 'x' },
  'plan.updated': { type: 'plan.updated', turnId: TURN, entries: [] },
  'usage.updated': { type: 'usage.updated', usage: { inputTokens: 1, outputTokens: 1 } },
  'notice.raised': { type: 'notice.raised', level: 'info', text: 'x' },
  'raw.received': { type: 'raw.received', source: 'x', payload: null },
  'checkpoint.created': {
    type: 'checkpoint.created',
    checkpointId: 'chk_c' as CheckpointId,
    title: 'x',
    trigger: 'tool',
    files: 1,
  },
  'checkpoint.restored': {
    type: 'checkpoint.restored',
    checkpointId: 'chk_c' as CheckpointId,
    savedAs: 'chk_d' as CheckpointId,
  },
};

const toIdle = [EVENTS['session.created'], EVENTS['session.start-requested'], EVENTS['agent.started']];
const SITUATIONS: Record<Situation, SessionEvent[]> = {
  starting: toIdle.slice(0, 2),
  idle: toIdle,
  running: [...toIdle, EVENTS['turn.started']],
  waiting: [...toIdle, EVENTS['turn.started'], EVENTS['approval.requested']],
  stopping: [...toIdle, EVENTS['session.stop-requested']],
  stopped: [...toIdle, EVENTS['session.stop-requested'], { ...EVENTS['agent.exited'], expected: true }],
  failed: [...toIdle, EVENTS['agent.exited']],
};

/** Events that never change the word, whatever the situation. */
function quiet<S extends Situation>(stay: S) {
  return {
    'session.created': stay,
    'session.configured': stay,
    'session.archived': stay,
    'session.continued': stay,
    'session.rewound': stay,
    'turn.steered': stay,
    'agent.ready': stay,
    'agent.output': stay,
    'turn.queued': stay,
    'turn.unqueued': stay,
    'turn.interrupt-requested': stay,
    'item.started': stay,
    'item.ended': stay,
    'question.answered': stay,
    'question.withdrawn': stay,
    'plan.updated': stay,
    'usage.updated': stay,
    'notice.raised': stay,
    'raw.received': stay,
    'checkpoint.created': stay,
    'checkpoint.restored': stay,
  } as const;
}

/** What an event that fits nowhere leaves as it is. Only `decide` keeps such events out of the log; `evolve` stays total. */
function asking<S extends Situation>(stay: S) {
  return { 'approval.requested': stay, 'approval.answered': stay, 'approval.withdrawn': stay, 'question.asked': stay };
}

/** Complete by type: a new event or situation does not compile until it has its row. */
const TRANSITIONS: Record<Situation, Record<SessionEventType, Situation>> = {
  starting: {
    ...quiet('starting'),
    'turn.requeued': 'starting',
    ...asking('starting'),
    'session.start-requested': 'starting',
    'session.stop-requested': 'stopping',
    'agent.started': 'idle',
    'agent.exited': 'failed',
    'turn.started': 'starting',
    'turn.ended': 'starting',
  },
  idle: {
    ...quiet('idle'),
    'turn.requeued': 'idle',
    ...asking('idle'),
    'session.start-requested': 'starting',
    'session.stop-requested': 'stopping',
    'agent.started': 'idle',
    'agent.exited': 'failed',
    'turn.started': 'running',
    'turn.ended': 'idle',
  },
  running: {
    ...quiet('running'),
    'turn.requeued': 'idle',
    'approval.requested': 'waiting',
    'approval.answered': 'running',
    'approval.withdrawn': 'running',
    'question.asked': 'waiting',
    'session.start-requested': 'starting',
    'session.stop-requested': 'running',
    'agent.started': 'running',
    'agent.exited': 'running',
    'turn.started': 'running',
    'turn.ended': 'idle',
  },
  waiting: {
    ...quiet('waiting'),
    'turn.requeued': 'waiting',
    'approval.requested': 'waiting',
    'approval.answered': 'running',
    'approval.withdrawn': 'running',
    'question.asked': 'waiting',
    'session.start-requested': 'waiting',
    'session.stop-requested': 'waiting',
    'agent.started': 'waiting',
    'agent.exited': 'waiting',
    'turn.started': 'waiting',
    'turn.ended': 'idle',
  },
  stopping: {
    ...quiet('stopping'),
    'turn.requeued': 'stopping',
    ...asking('stopping'),
    'session.start-requested': 'stopping',
    'session.stop-requested': 'stopping',
    'agent.started': 'idle',
    'agent.exited': 'failed',
    'turn.started': 'running',
    'turn.ended': 'stopping',
  },
  stopped: {
    ...quiet('stopped'),
    'turn.requeued': 'stopped',
    ...asking('stopped'),
    'session.start-requested': 'starting',
    'session.stop-requested': 'stopping',
    'agent.started': 'idle',
    'agent.exited': 'failed',
    'turn.started': 'running',
    'turn.ended': 'stopped',
  },
  failed: {
    ...quiet('failed'),
    'turn.requeued': 'failed',
    ...asking('failed'),
    'session.start-requested': 'starting',
    'session.stop-requested': 'stopping',
    'agent.started': 'idle',
    'agent.exited': 'failed',
    'turn.started': 'running',
    'turn.ended': 'failed',
  },
};

function situationOf(state: OpenSession): Situation {
  // A card shows this one by what comes after it.
  return state.turn === undefined && state.agent.phase === 'stopping' ? 'stopping' : toStateName(state);
}

describe.each(Object.entries(SITUATIONS))('a session that is %s', (situation, past) => {
  const row = TRANSITIONS[situation as Situation];

  test('is what its log says', () => {
    const state = fold(past);
    expect(state.status === 'open' && situationOf(state)).toBe(situation);
  });

  test.each(Object.entries(row))('after %s is %s', (type, expected) => {
    const [recorded] = record([EVENTS[type as SessionEventType]], past.length);
    const next = evolve(fold(past), recorded ?? failWith(type));
    expect(next.status === 'open' && situationOf(next)).toBe(expected);
    expect(next).toMatchObject({ seq: past.length + 1, updatedAt: AT });
  });
});

function failWith(type: string): never {
  throw new Error(`no event of type ${type}`);
}
