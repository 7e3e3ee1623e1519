import type { TurnId } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { AcpState, Step, TurnState } from './state.ts';

export function createTurn(
  { costUsd = 0, usage }: AcpState,
  turnId: TurnId,
  { isPrompted }: { isPrompted: boolean },
): TurnState {
  return {
    turnId,
    isPrompted,
    isInterrupting: false,
    isHeard: false,
    told: [],
    notes: [],
    costBefore: costUsd,
    usageBefore: usage,
  };
}

/** The turn that what comes now belongs to. Outside of any, the agent works by itself and gets a turn of its own. */
export function ensureTurn(step: Step): TurnId {
  const { turn } = step.state;
  if (turn !== undefined) {
    if (!turn.isHeard) update(step, { turn: { ...turn, isHeard: true } });
    return turn.turnId;
  }
  const turnId = step.context.createId('turn');
  update(step, { turn: { ...createTurn(step.state, turnId, { isPrompted: false }), isHeard: true } });
  step.reports.push({ type: 'turn.started', turnId, input: [], by: 'agent' });
  return turnId;
}

/** Tells a cause once per turn, however often the agent repeats it. */
export function tellOnce(step: Step, cause: string, text: string): void {
  const { turn } = step.state;
  if (turn?.told.includes(cause)) return;
  if (turn !== undefined) update(step, { turn: { ...turn, told: [...turn.told, cause] } });
  step.reports.push({ type: 'notice.raised', level: 'warning', text });
}
