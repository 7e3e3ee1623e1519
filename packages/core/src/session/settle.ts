import type { EventOf, Failure, Item, SessionEvent } from '@baton/protocol';
import type { AgentExit, AgentTurnEnd } from '../ports/backend.ts';
import { startNextTurn } from './decide-turn.ts';
import type { DecisionContext } from './decision.ts';
import type { OpenItem, OpenSession, QueuedTurn } from './state.ts';

/** Closes all that is open in the running turn, then the turn. Children close before their parents. */
export function endTurn(
  state: OpenSession,
  end: Omit<AgentTurnEnd, 'type' | 'turnId'>,
  context: DecisionContext,
): SessionEvent[] {
  const { turn } = state;
  if (turn === undefined) return [];
  const asked = new Set(state.approvals.map(({ itemId }) => itemId));
  const reason = end.error?.message ?? (end.outcome === 'interrupted' ? 'The turn was interrupted' : 'The turn ended');
  return [
    ...state.approvals.map(({ approvalId }): SessionEvent => ({ type: 'approval.withdrawn', approvalId, reason })),
    ...state.questions.map(({ questionId }): SessionEvent => ({ type: 'question.withdrawn', questionId, reason })),
    ...state.items.toReversed().map(
      (open): SessionEvent => ({
        type: 'item.ended',
        itemId: open.itemId,
        // What nobody allowed did not run, so it cannot have failed.
        item: closeItem(open, asked.has(open.itemId) ? 'interrupted' : end.outcome, context),
      }),
    ),
    { type: 'turn.ended', turnId: turn.turnId, ...end, durationMs: elapsed(turn.startedAt, context.now) },
  ];
}

function closeItem(
  { itemId, item }: OpenItem,
  outcome: EventOf<'turn.ended'>['outcome'],
  context: DecisionContext,
): Item {
  switch (item.type) {
    case 'agent-message':
    case 'reasoning':
      return { ...item, text: context.textSoFar(itemId, 'text') ?? item.text };
    case 'tool-call': {
      const live = context.textSoFar(itemId, 'output') ?? '';
      const output = live === '' ? item.output : [...(item.output ?? []), { type: 'terminal' as const, text: live }];
      const status = outcome === 'failed' ? 'failed' : 'interrupted';
      return { ...item, status, ...(output === undefined ? {} : { output }), endedAt: context.now };
    }
    default:
      return item;
  }
}

// Both are RFC 3339 UTC; parsing text is not reading the clock. A clock set back gives 0, never less.
function elapsed(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** The running turn, where its agent certainly never had it: it is asked again. Not one that somebody interrupted, and none twice. */
export function toUnheard({ agent, turn }: OpenSession, heard: AgentExit['heard']): QueuedTurn | undefined {
  if (turn?.asked === undefined || heard === undefined || heard === turn.turnId) return undefined;
  if (agent.phase === 'stopping') return undefined;
  return { turnId: turn.turnId, input: [...turn.asked.input], by: turn.by };
}

const NOT_HEARD = 'The agent ended before it had the prompt, which is asked again';

interface AgentEnd {
  expected: boolean;
  code: number | null;
  signal: string | null;
  failure?: Failure | undefined;
  /** Whether what waits goes on with a new process. */
  resume: boolean;
  /** The running turn as it goes back into the queue, because the agent never had it. */
  again?: QueuedTurn | undefined;
}

/** The agent is gone: its turn ends, and what waits goes on with a new process where that is wanted. */
export function settle(state: OpenSession, end: AgentEnd, context: DecisionContext): SessionEvent[] {
  const { again } = end;
  const events: SessionEvent[] =
    again === undefined
      ? endTurn(state, toTurnEnd(state, end), context)
      : [{ type: 'turn.requeued', turnId: again.turnId, reason: NOT_HEARD }];
  if (state.agent.phase !== 'down') {
    const { expected, code, signal, failure } = end;
    events.push({ type: 'agent.exited', expected, code, signal, ...(failure === undefined ? {} : { failure }) });
  }
  if (!end.resume) return events;
  const queue = again === undefined ? state.queue : [again, ...state.queue];
  if (queue.length > 0 || wantsAgent(state)) {
    const next = context.mayStart ? startNextTurn({ queue }) : [];
    events.push({ type: 'session.start-requested', by: context.by }, ...next);
  }
  return events;
}

function wantsAgent(state: OpenSession): boolean {
  return state.agent.phase === 'stopping' && state.agent.wanted;
}

function toTurnEnd(state: OpenSession, { expected, failure }: AgentEnd): Omit<AgentTurnEnd, 'type' | 'turnId'> {
  if (expected || (state.turn?.interrupting ?? false)) return { outcome: 'interrupted' };
  const error = failure ?? {
    kind: 'agent-exited',
    message: 'The agent process ended in the middle of the turn. Send the prompt again to resume.',
  };
  return { outcome: 'failed', error };
}
