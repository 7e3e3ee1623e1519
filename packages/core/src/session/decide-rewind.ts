import type { CommandOf } from '@baton/protocol';
import { accept, type Decision, type DecisionContext, type EndedTurn, type Refusal, refuse } from './decision.ts';
import { stopAgent } from './stop-agent.ts';
import type { OpenSession } from './state.ts';

/** Where an agent's conversation branches; undefined when the log alone tells it all. */
export type BranchPoint = { nativeId: string; point?: string } | undefined;

/** Goes back to the end of a turn. A running agent is ended: it starts again there. */
export function decideRewind(
  state: OpenSession,
  command: CommandOf<'session.rewind'>,
  context: DecisionContext,
): Decision {
  const { by, endedTurn } = context;
  if (state.turn !== undefined) {
    return refuse('conflict', `Session "${state.id}" is at work: interrupt the running turn before going back`);
  }
  if (endedTurn === undefined) return refuseTurn(state, command.turnId);
  if (endedTurn.isLast) return accept();
  const branch = toBranchPoint(state, endedTurn);
  if (!branch.ok) return branch;
  const runs = state.agent.phase === 'starting' || state.agent.phase === 'up';
  return accept(
    {
      type: 'session.rewound',
      turnId: endedTurn.turnId,
      after: endedTurn.seq,
      ...(branch.at === undefined ? {} : { branch: branch.at }),
      by,
    },
    ...(runs ? stopAgent(state, context) : []),
  );
}

/** Where the agent has to branch so that its conversation ends with this turn. */
export function toBranchPoint(state: OpenSession, turn: EndedTurn): { ok: true; at: BranchPoint } | Refusal {
  // An agent with no conversation of its own reads the log.
  const nativeId = state.nativeId ?? state.branch?.nativeId;
  if (nativeId === undefined) return { ok: true, at: undefined };
  // Named even where it is the end: a fork begins with its first prompt, and by then the other may have gone on.
  if (turn.point !== undefined) return { ok: true, at: { nativeId, point: turn.point } };
  if (turn.isLast && state.turn === undefined && state.branch === undefined) return { ok: true, at: { nativeId } };
  const why = 'its agent cannot come back to the end of it, because it was cut off or is of an older kind';
  return refuse('conflict', `Cannot go back to turn "${turn.turnId}": ${why}. Choose another turn`);
}

export function refuseTurn(state: OpenSession, turnId: string): Refusal {
  const what = `Session "${state.id}" has no turn "${turnId}" that has ended`;
  return refuse('not-found', `${what}; it may be running, waiting, or taken back`);
}
