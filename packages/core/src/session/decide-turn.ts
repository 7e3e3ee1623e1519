import type { CommandOf, SessionEvent } from '@baton/protocol';
import { accept, type Decision, type DecisionContext, refuse } from './decision.ts';
import { hasId } from './id-set.ts';
import { stopAgent } from './stop-agent.ts';
import type { OpenSession } from './state.ts';

/** A prompt starts a turn at once when nothing is in its way, and otherwise waits its turn. */
export function decideTurnStart(
  state: OpenSession,
  command: CommandOf<'turn.start'>,
  context: DecisionContext,
): Decision {
  const turnId = command.turnId ?? context.freshTurnId;
  if (hasId(state.ids, turnId)) return refuse('conflict', `Turn "${turnId}" exists already; give each turn its own id`);
  const { by } = context;
  const turn = { turnId, input: command.input, by };
  if (state.turn !== undefined || state.agent.phase === 'stopping') return accept({ type: 'turn.queued', ...turn });
  // Without a place for its agent it waits with the others.
  if (!context.mayStart) return accept({ type: 'turn.queued', ...turn }, ...unarchive(state, by), ...wake(state, by));
  const first = state.queue[0];
  const before = [...unarchive(state, by), ...wake(state, by)];
  if (first === undefined) return accept(...before, { type: 'turn.started', ...turn });
  // Turns held by a stop go first: this one waits behind them.
  return accept({ type: 'turn.queued', ...turn }, ...before, { type: 'turn.started', ...first });
}

// Work that nobody sees would be work that nobody stops.
function unarchive(state: OpenSession, by: string): SessionEvent[] {
  return state.archived ? [{ type: 'session.archived', archived: false, by }] : [];
}

function wake(state: OpenSession, by: string): SessionEvent[] {
  return state.agent.phase === 'down' ? [{ type: 'session.start-requested', by }] : [];
}

/** The events that start the turn that waited longest; none when nothing waits. */
export function startNextTurn({ queue }: Pick<OpenSession, 'queue'>): SessionEvent[] {
  const next = queue[0];
  return next === undefined ? [] : [{ type: 'turn.started', ...next }];
}

/** Adds to the running turn. Whether the agent can take it is known before: see the command desk. */
export function decideTurnSteer(
  state: OpenSession,
  { turnId, input }: CommandOf<'turn.steer'>,
  { by }: DecisionContext,
): Decision {
  const { turn } = state;
  if (turn === undefined || (turnId !== undefined && turn.turnId !== turnId)) {
    const which = turnId === undefined ? 'no running turn' : `turn "${turnId}" not running`;
    return refuse('turn-not-running', `Session "${state.id}" has ${which}: send it as a prompt of its own`);
  }
  if (turn.interrupting) {
    return refuse('turn-not-running', `The turn of session "${state.id}" is being interrupted; send it as a prompt`);
  }
  return accept({ type: 'turn.steered', turnId: turn.turnId, input, by });
}

export function decideTurnInterrupt(state: OpenSession, context: DecisionContext): Decision {
  const { by } = context;
  // What would run next is not begun.
  if (state.turn === undefined && context.waits) return accept(...stopAgent(state, context));
  if (state.turn === undefined)
    return refuse('turn-not-running', `Session "${state.id}" has no running turn to interrupt`);
  if (state.turn.interrupting) return accept();
  return accept({ type: 'turn.interrupt-requested', turnId: state.turn.turnId, by });
}

export function decideTurnUnqueue(
  state: OpenSession,
  command: CommandOf<'turn.unqueue'>,
  context: DecisionContext,
): Decision {
  if (state.queue.some((turn) => turn.turnId === command.turnId)) {
    return accept({ type: 'turn.unqueued', turnId: command.turnId, by: context.by });
  }
  return hasId(state.ids, command.turnId)
    ? refuse('conflict', `Turn "${command.turnId}" has started or was removed; it is not in the queue any more`)
    : refuse('not-found', `There is no queued turn "${command.turnId}" in session "${state.id}"`);
}
