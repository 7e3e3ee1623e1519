import {
  type EventOf,
  invariant,
  type RecordedEvent,
  type SessionEvent,
  type StopReason,
  type TurnId,
  toPlainText,
} from '@baton/protocol';
import { closeApproval, closeQuestion, toApprovalView, toQuestionView } from '../projection/inbox.ts';
import { addUsage } from './add-usage.ts';
import { addId, emptyIdSet } from './id-set.ts';
import type { OpenSession, SessionState } from './state.ts';

const PREVIEW_CHARS = 240;
const TITLE_CHARS = 120;

/** The state after one more event. Total: an event that does not fit leaves all but `seq` as it was. */
export function evolve(state: SessionState, recorded: RecordedEvent): SessionState {
  if (state.status === 'none') {
    invariant(recorded.event.type === 'session.created', `the first event of a session is ${recorded.event.type}`);
    return create(recorded.event, recorded);
  }
  // What was taken over from elsewhere is older than the session itself.
  const updatedAt = recorded.at > state.updatedAt ? recorded.at : state.updatedAt;
  return { ...change(state, recorded), seq: recorded.seq, updatedAt };
}

function create(event: EventOf<'session.created'>, recorded: RecordedEvent): OpenSession {
  return {
    status: 'open',
    id: recorded.sessionId,
    seq: recorded.seq,
    backend: event.backend,
    cwd: event.cwd,
    ...(event.title === undefined ? {} : { title: event.title }),
    ...(event.model === undefined ? {} : { model: event.model }),
    ...(event.mode === undefined ? {} : { mode: event.mode }),
    ...(event.effort === undefined ? {} : { effort: event.effort }),
    ...(event.parent === undefined ? {} : { parent: event.parent }),
    ...native(event),
    ...(event.branch === undefined ? {} : { branch: { kind: 'fork' as const, ...event.branch } }),
    by: event.by,
    ...(event.background === true ? { background: true } : {}),
    inheritedUntil: recorded.seq + (event.inherited ?? 0),
    takenBack: [],
    archived: false,
    createdAt: recorded.at,
    updatedAt: recorded.at,
    agent: { phase: 'down', asked: true, restarted: false },
    queue: [],
    ids: emptyIdSet,
    items: [],
    approvals: [],
    questions: [],
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}

function change(state: OpenSession, { event, at, seq }: RecordedEvent): OpenSession {
  switch (event.type) {
    case 'session.configured':
      return {
        ...withWatch(state, event.stopUnwatchedMinutes),
        ...(event.title === undefined ? {} : { title: event.title }),
        ...(event.model === undefined ? {} : { model: event.model }),
        ...(event.mode === undefined ? {} : { mode: event.mode }),
        ...(event.effort === undefined ? {} : { effort: event.effort }),
      };
    case 'session.archived':
      return { ...state, archived: event.archived };
    case 'session.continued':
      return { ...state, inheritedUntil: seq + event.events };
    case 'session.rewound':
      return rewind(state, event, seq);
    case 'session.start-requested':
    case 'session.stop-requested':
    case 'agent.started':
    case 'agent.ready':
    case 'agent.exited':
      return changeAgent(state, event);
    case 'turn.queued':
    case 'turn.unqueued':
    case 'turn.requeued':
    case 'turn.started':
    case 'turn.interrupt-requested':
    case 'turn.ended':
      return changeTurn(state, event, { at, seq });
    case 'usage.updated':
      return event.context === undefined ? state : { ...state, context: event.context };
    case 'turn.steered':
    case 'plan.updated':
      return heard(state);
    default:
      return changeOpenThings(state, event, at);
  }
}

function withWatch(state: OpenSession, minutes: number | undefined): OpenSession {
  if (minutes === undefined) return state;
  return minutes === 0 ? without(state, 'stopUnwatchedMinutes') : { ...state, stopUnwatchedMinutes: minutes };
}

// The conversation goes on under the same name; which one the agent is in is known when it has started again. One that went
// back by itself is there already, wherever it was to begin.
function rewind(state: OpenSession, event: EventOf<'session.rewound'>, seq: number): OpenSession {
  const { branch, after, before } = event;
  const takenBack = [...state.takenBack, { after, until: before === undefined ? seq : before.seq - 1 }];
  if (branch === undefined) {
    const rest = state.branch?.kind === 'rewind' ? without(state, 'branch') : state;
    return { ...rest, takenBack };
  }
  return { ...without(state, 'nativeId'), takenBack, branch: { kind: 'rewind', ...branch } };
}

type AgentPhaseEvent = EventOf<
  'session.start-requested' | 'session.stop-requested' | 'agent.started' | 'agent.ready' | 'agent.exited'
>;

function toUp({ pid, join }: EventOf<'agent.started'>): OpenSession['agent'] {
  return { phase: 'up', ...(pid == null ? {} : { pid }), ...(join === undefined ? {} : { join }) };
}

function changeAgent(state: OpenSession, event: AgentPhaseEvent): OpenSession {
  switch (event.type) {
    case 'session.start-requested':
      return state.agent.phase === 'stopping'
        ? { ...state, agent: { phase: 'stopping', wanted: true } }
        : { ...without(state, 'failure'), agent: { phase: 'starting' } };
    case 'session.stop-requested':
      return { ...state, agent: { phase: 'stopping', wanted: false, ...withReason(event.reason) } };
    case 'agent.started':
      return { ...state, agent: toUp(event), version: event.version, ...native(event) };
    case 'agent.ready': {
      const { type: _, nativeId: __, ...offer } = event;
      return { ...state, offer, ...native(event) };
    }
    case 'agent.exited':
      return {
        ...without(state, 'failure'),
        agent: {
          phase: 'down',
          asked: event.expected,
          restarted: event.failure?.kind === 'server-restarted',
          ...(event.expected && state.agent.phase === 'stopping' ? withReason(state.agent.reason) : {}),
        },
        ...(event.failure === undefined ? {} : { failure: event.failure }),
      };
  }
}

function withReason(reason: StopReason | undefined): { reason?: StopReason } {
  return reason === undefined ? {} : { reason };
}

function native(event: { nativeId?: string | undefined }): { nativeId?: string } {
  return event.nativeId === undefined ? {} : { nativeId: event.nativeId };
}

type TurnEvent = EventOf<
  'turn.queued' | 'turn.unqueued' | 'turn.requeued' | 'turn.started' | 'turn.interrupt-requested' | 'turn.ended'
>;

function changeTurn(state: OpenSession, event: TurnEvent, { at, seq }: { at: string; seq: number }): OpenSession {
  switch (event.type) {
    case 'turn.queued': {
      const { turnId, input, by } = event;
      const agent = state.agent.phase === 'stopping' ? { phase: 'stopping' as const, wanted: true } : state.agent;
      return { ...remember(state, event), agent, queue: [...state.queue, { turnId, input, by }] };
    }
    case 'turn.unqueued':
      return { ...state, queue: state.queue.filter((turn) => turn.turnId !== event.turnId) };
    case 'turn.requeued':
      return requeue(state, event.turnId);
    case 'turn.started':
      return {
        ...remember(state, event),
        queue: state.queue.filter((turn) => turn.turnId !== event.turnId),
        turn: { turnId: event.turnId, by: event.by, startedAt: at, interrupting: false, ...toAsked(state, event, seq) },
      };
    case 'turn.interrupt-requested':
      return state.turn === undefined ? state : heard({ ...state, turn: { ...state.turn, interrupting: true } });
    case 'turn.ended':
      return endTurn(state, event, seq);
  }
}

function toAsked({ requeued }: OpenSession, { turnId, by, input }: EventOf<'turn.started'>, seq: number) {
  return by === 'agent' || turnId === requeued ? {} : { asked: { input, seq } };
}

function requeue(state: OpenSession, turnId: TurnId): OpenSession {
  const { turn } = state;
  if (turn?.turnId !== turnId || turn.asked === undefined) return state;
  const { input, seq } = turn.asked;
  const queue = [{ turnId, input: [...input], by: turn.by }, ...state.queue];
  // That it began is no part of the conversation.
  const takenBack = [...state.takenBack, { after: seq - 1, until: seq }];
  return { ...without(state, 'turn'), queue, takenBack, requeued: turnId };
}

/** Something of the running turn shows that its agent has it, or that it is not what was asked at first. */
function heard(state: OpenSession): OpenSession {
  if (state.turn?.asked === undefined) return state;
  const { asked: _, ...turn } = state.turn;
  return { ...state, turn };
}

function remember(state: OpenSession, event: { turnId: TurnId; input: EventOf<'turn.started'>['input'] }): OpenSession {
  const ids = addId(state.ids, event.turnId);
  if (state.firstPrompt !== undefined || event.input.length === 0) return { ...state, ids };
  const firstLine = toPlainText(event.input).trim().split('\n', 1)[0] ?? '';
  return { ...state, ids, firstPrompt: firstLine.slice(0, TITLE_CHARS) };
}

function endTurn(state: OpenSession, event: EventOf<'turn.ended'>, seq: number): OpenSession {
  // What was taken over was paid for, and went wrong, elsewhere.
  if (seq <= state.inheritedUntil) return without(state, 'turn');
  // A turn that went through under the conversation's own name is stored there; until then it still begins elsewhere.
  // One that was interrupted may have been cut before the agent had it: then it names no point.
  const wentThrough = event.outcome === 'completed' || (event.outcome === 'interrupted' && event.point !== undefined);
  const isRooted = state.nativeId !== undefined && wentThrough;
  const ended = without(without(state, 'turn'), 'failure');
  const rest = isRooted ? without(ended, 'branch') : ended;
  const costUsd = event.costUsd === undefined ? state.costUsd : (state.costUsd ?? 0) + event.costUsd;
  return {
    ...rest,
    usage: event.usage === undefined ? state.usage : addUsage(state.usage, event.usage),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(event.error === undefined ? {} : { failure: event.error }),
  };
}

function changeOpenThings(state: OpenSession, event: SessionEvent, at: string): OpenSession {
  switch (event.type) {
    case 'item.started': {
      const { itemId, parentItemId, item } = event;
      const open = { itemId, item, ...(parentItemId === undefined ? {} : { parentItemId }) };
      return { ...heard(state), ids: addId(state.ids, itemId), items: [...state.items, open] };
    }
    case 'item.ended': {
      const preview = event.item.type === 'agent-message' ? event.item.text.trim().slice(0, PREVIEW_CHARS) : '';
      const items = state.items.filter((open) => open.itemId !== event.itemId);
      return { ...state, items, ...(preview === '' ? {} : { preview }) };
    }
    case 'approval.requested': {
      const view = toApprovalView(event, { at, sessionId: state.id });
      return { ...heard(state), ids: addId(state.ids, event.approvalId), approvals: [...state.approvals, view] };
    }
    case 'approval.answered':
    case 'approval.withdrawn': {
      const approvals = state.approvals.map((view) => closeApproval(view, event, at));
      return { ...state, approvals: approvals.filter((view) => view.state === 'pending') };
    }
    case 'question.asked': {
      const view = toQuestionView(event, { at, sessionId: state.id });
      return { ...heard(state), ids: addId(state.ids, event.questionId), questions: [...state.questions, view] };
    }
    case 'question.answered':
    case 'question.withdrawn': {
      const questions = state.questions.map((view) => closeQuestion(view, event, at));
      return { ...state, questions: questions.filter((view) => view.state === 'pending') };
    }
    default:
      return state;
  }
}

type Removable = 'turn' | 'failure' | 'branch' | 'nativeId' | 'stopUnwatchedMinutes';

function without(state: OpenSession, key: Removable): OpenSession {
  const { [key]: _, ...rest } = state;
  return rest;
}
