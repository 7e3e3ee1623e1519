import { assertNever, type EventOf, type SessionEvent, type TurnId } from '@baton/protocol';
import type { AgentEvent, AgentExit, AgentTurnEnd, AgentWentBack } from '../ports/backend.ts';
import { decideOffer } from './decide-offer.ts';
import { startNextTurn } from './decide-turn.ts';
import type { DecisionContext, Retry } from './decision.ts';
import { hasId } from './id-set.ts';
import { endTurn, settle, toUnheard } from './settle.ts';
import type { OpenSession } from './state.ts';

type Report = AgentEvent | AgentTurnEnd | AgentWentBack;

/**
 * The events an agent's report leads to. Reports may be late, repeated or out of order; whatever would break an
 * invariant of the log is left out, and what needs a turn and has none gets one of its own.
 */
export function decideReport(state: OpenSession, report: Report, context: DecisionContext): SessionEvent[] {
  if (state.agent.phase === 'down') return [];
  switch (report.type) {
    case 'agent.started':
      return state.agent.phase === 'starting' ? [report] : [];
    case 'agent.exited':
      return decideExit(state, report, context);
    case 'agent.ready':
      return decideOffer(state, report);
    case 'agent.output':
    case 'notice.raised':
    case 'usage.updated':
    case 'raw.received':
      return [report];
    case 'session.configured':
      return decideOwnChange(state, report);
    case 'agent.went-back':
      return [
        ...(context.gone === undefined ? [] : [{ type: 'session.rewound' as const, ...context.gone, by: 'agent' }]),
        ...(report.isOpened === true ? tellAdded(context.added) : []),
      ];
    default:
      return decideWork(state, report, context);
  }
}

// Once, until a turn goes through here.
function tellAdded(added: DecisionContext['added']): SessionEvent[] {
  if (added === undefined || added.count === 0) return [];
  const turns = added.count === 1 ? 'a turn, which is' : `${added.count} turns, which are`;
  const text =
    `The conversation went on in the agent's own program by ${turns} not shown here. ` +
    `The agent knows what was said there; to see it, open the conversation in that program`;
  return added.notices.has(text) ? [] : [{ type: 'notice.raised', level: 'info', text }];
}

type WorkReport = Exclude<
  Report,
  | AgentWentBack
  | EventOf<
      | 'agent.started'
      | 'agent.exited'
      | 'agent.ready'
      | 'agent.output'
      | 'notice.raised'
      | 'usage.updated'
      | 'raw.received'
      | 'session.configured'
    >
>;

function decideWork(state: OpenSession, report: WorkReport, context: DecisionContext): SessionEvent[] {
  switch (report.type) {
    case 'turn.started':
      return state.turn !== undefined || hasId(state.ids, report.turnId) ? [] : [report];
    case 'turn.ended':
      return decideTurnEnd(state, report, context);
    case 'item.started':
      return withinTurn(state, report, report.itemId);
    case 'approval.requested':
      return withinTurn(state, report, report.approvalId);
    case 'question.asked':
      return withinTurn(state, report, report.questionId);
    case 'plan.updated':
      return withinTurn(state, report, undefined);
    case 'item.ended':
      return state.items.some((open) => open.itemId === report.itemId) ? [report] : [];
    case 'approval.withdrawn':
      return state.approvals.some((view) => view.approvalId === report.approvalId) ? [report] : [];
    case 'question.withdrawn':
      return state.questions.some((view) => view.questionId === report.questionId) ? [report] : [];
    default:
      return assertNever(report);
  }
}

function decideExit(state: OpenSession, report: AgentExit, context: DecisionContext): SessionEvent[] {
  const isStopping = state.agent.phase === 'stopping';
  const expected = report.expected || isStopping;
  const wanted = state.agent.phase === 'stopping' && state.agent.wanted;
  // Nobody is to wait for an agent that does not come back.
  const unheard = expected || mayComeBack(context.retry) ? toUnheard(state, report.heard) : undefined;
  const retry = expected || (state.queue.length === 0 && unheard === undefined) ? undefined : context.retry;
  const resume = wanted || unheard !== undefined || (!expected && mayComeBack(retry));
  const events = settle(state, { ...report, expected, resume, again: unheard }, context);
  return [...events, ...(retry === undefined ? [] : [tell(retry, unheard !== undefined)])];
}

const mayComeBack = (retry: Retry | undefined) => retry === undefined || retry.kind === 'later';

// A process that ended unasked costs its user a wait at least: they are told.
function tell(retry: Retry, isAskedAgain: boolean): SessionEvent {
  if (retry.kind === 'held') {
    const text =
      'What waits is not begun, because it would fail for the same reason. When that is mended, start the agent, or send a prompt, to go on with it';
    return { type: 'notice.raised', level: 'error', text };
  }
  if (retry.kind === 'given-up') {
    const what = `The agent ended unasked ${retry.attempts} times in ten minutes, and is not started again by itself.`;
    return {
      type: 'notice.raised',
      level: 'error',
      text: `${what} Start it, or send a prompt, to go on with what waits`,
    };
  }
  const seconds = Math.max(1, Math.round(retry.delayMs / 1000));
  const which = `try ${retry.attempt} of ${retry.attempts}`;
  const what = `The agent ended unasked${isAskedAgain ? ', before it had the last prompt, which is asked again' : ''}.`;
  const text = `${what} It is started again in ${seconds} s, at ${retry.at} (${which})`;
  return { type: 'notice.raised', level: 'warning', text };
}

function decideTurnEnd(state: OpenSession, report: AgentTurnEnd, context: DecisionContext): SessionEvent[] {
  if (state.turn?.turnId !== report.turnId) return [];
  const { type: _, turnId: __, ...end } = report;
  const next = state.agent.phase === 'stopping' ? [] : startNextTurn(state);
  return [...endTurn(state, end, context), ...next];
}

function decideOwnChange(state: OpenSession, report: EventOf<'session.configured'>): SessionEvent[] {
  const model = report.model === state.model ? {} : { model: report.model };
  const mode = report.mode === state.mode ? {} : { mode: report.mode };
  const effort = report.effort === state.effort ? {} : { effort: report.effort };
  const fields = {
    ...(report.model === undefined ? {} : model),
    ...(report.mode === undefined ? {} : mode),
    ...(report.effort === undefined ? {} : effort),
  };
  return Object.keys(fields).length === 0 ? [] : [{ type: 'session.configured', ...fields, by: report.by }];
}

type TurnReport = EventOf<'item.started' | 'approval.requested' | 'question.asked' | 'plan.updated'>;

// A turn the log does not know yet is the agent's own: it is begun here. A turn that ended takes nothing more.
function withinTurn(state: OpenSession, report: TurnReport, id: string | undefined): SessionEvent[] {
  if (id !== undefined && hasId(state.ids, id)) return [];
  if (state.turn === undefined) {
    return hasId(state.ids, report.turnId) ? [] : [ownTurn(report.turnId), report];
  }
  if (report.turnId !== state.turn.turnId && hasId(state.ids, report.turnId)) return [];
  return [{ ...report, turnId: state.turn.turnId }];
}

function ownTurn(turnId: TurnId): SessionEvent {
  return { type: 'turn.started', turnId, input: [], by: 'agent' };
}
