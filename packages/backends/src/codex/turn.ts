import type { InputPart, ItemId, TurnId } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { CodexState, Step, TurnState } from './state.ts';
import { toSessionUsage } from './usage.ts';

/**
 * The turn that what comes now belongs to. Outside of any, the agent works by itself and gets a turn of its own, or somebody
 * has sent a prompt from Codex's own terminal program: `input`.
 */
export function ensureTurn(step: Step, input: InputPart[] = []): TurnId {
  const { turn, unasked: nativeId } = step.state;
  if (turn !== undefined) return turn.turnId;
  const turnId = step.context.createId('turn');
  const isPrompted = input.length > 0;
  update(step, { turn: toTurn(step.state, { turnId, nativeId, isPrompted }), unasked: undefined });
  step.reports.push({ type: 'turn.started', turnId, input, by: 'agent' });
  return turnId;
}

export function toTurn(
  state: CodexState,
  turn: { turnId: TurnId; nativeId: string | undefined; isPrompted: boolean },
): TurnState {
  return {
    ...turn,
    hasBegun: turn.nativeId !== undefined,
    isSteered: false,
    isInterrupting: false,
    told: [],
    before: toSessionUsage(state),
  };
}

/** The item that a thread's own items stand under: none for the conversation itself, the call that began it for a subagent. */
export function toPlace(step: Step, threadId: string): { parentItemId?: ItemId } {
  const parentItemId = step.state.agents[threadId]?.itemId;
  return parentItemId === undefined ? {} : { parentItemId };
}

/** Tells a cause once per turn, however often the agent repeats it. */
export function tellOnce(step: Step, cause: string, text: string): void {
  const { turn } = step.state;
  if (turn?.told.includes(cause)) return;
  if (turn !== undefined) update(step, { turn: { ...turn, told: [...turn.told, cause] } });
  step.reports.push({ type: 'notice.raised', level: 'warning', text });
}
