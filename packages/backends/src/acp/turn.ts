import type { TurnId } from '@baton/protocol';
import { type Step, update } from './state.ts';

/** The turn that what comes now belongs to. Outside of any, the agent works by itself and gets a turn of its own. */
export function ensureTurn(step: Step): TurnId {
  const { turn } = step.state;
  if (turn !== undefined) return turn.turnId;
  const turnId = step.context.createId('turn');
  const costBefore = step.state.costUsd ?? 0;
  update(step, { turn: { turnId, isPrompted: false, isInterrupting: false, told: [], costBefore } });
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
