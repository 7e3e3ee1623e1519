import type { TurnId } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { Step } from './state.ts';

/** The turn that what comes now belongs to. Outside of any, the agent works by itself and gets a turn of its own. */
export function ensureTurn(step: Step, origin: { isBackground: boolean }): TurnId {
  const { turn } = step.state;
  if (turn !== undefined) {
    if (turn.isBackground && !origin.isBackground) update(step, { turn: { ...turn, isBackground: false } });
    return turn.turnId;
  }
  const turnId = step.context.createId('turn');
  const { isBackground } = origin;
  const own = { turnId, isBackground, isInterrupting: false, hasSpoken: false, told: [], steers: [] };
  update(step, { turn: own, isIdle: false });
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
