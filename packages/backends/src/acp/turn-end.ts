import type { AgentTurnEnd } from '@baton/core';
import type { Failure, ToolKind, ToolStatus, TurnId, Usage } from '@baton/protocol';
import { type TranslateContext, update } from '../agent/step.ts';
import { withdrawPrompts } from './approve.ts';
import { toFailure, toStopFailure } from './failure.ts';
import { wasRefusedForCalls } from './peculiarities.ts';
import { type AcpState, type Step, type Translation, runStep } from './state.ts';
import { endTexts } from './text.ts';
import { endTool } from './tool-call.ts';
import { createTurn } from './turn.ts';
import { countUsage } from './usage.ts';
import { type RpcOutcome, promptResultSchema } from './wire.ts';

type End = Omit<AgentTurnEnd, 'type' | 'turnId'>;

/** A prompt of the user goes out. A turn the agent had begun by itself meanwhile is closed first. */
export function beginTurn(state: AcpState, turnId: TurnId, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    endTurn(step, { outcome: 'completed' });
    update(step, { turn: createTurn(step.state, turnId, { isPrompted: true }), isReplaying: false });
  });
}

/** Closes all that is open in the turn and reports its end, once. Nothing happens without a turn. */
export function endTurn(step: Step, end: End): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  withdrawPrompts(step, () => true, end.error?.message ?? 'The turn ended');
  endTexts(step);
  // Several agents never say what became of a call when the turn was cut.
  for (const [id, { item }] of Object.entries(step.state.tools).toReversed()) endTool(step, id, toLast(end, item.kind));
  const spent = (step.state.costUsd ?? 0) - turn.costBefore;
  const isCut = turn.isInterrupting || wasRefusedForCalls(end.error?.message ?? '');
  update(step, { turn: undefined, isCut: step.state.isCut || isCut });
  step.reports.push({
    type: 'turn.ended',
    turnId: turn.turnId,
    ...end,
    ...(step.state.costUsd === undefined ? {} : { costUsd: Math.max(0, spent) }),
  });
}

// A subagent may work on in the background after the turn that began it.
function toLast({ outcome }: End, kind: ToolKind): ToolStatus {
  if (outcome === 'completed' && kind === 'subagent') return 'completed';
  return outcome === 'failed' ? 'failed' : 'interrupted';
}

/** What the agent has yet to hear of what was denied. Undefined: nothing, and its answer is the end of the turn. */
export function toNotes({ turn }: AcpState, outcome: RpcOutcome): string | undefined {
  if (turn === undefined || turn.notes.length === 0 || turn.isInterrupting || turn.failure !== undefined)
    return undefined;
  const result = outcome.ok ? promptResultSchema.safeParse(outcome.result ?? {}) : undefined;
  // To some agents a denial is the end of the turn, or even of all they were asked.
  const isOver = result?.success === true && ['end_turn', 'cancelled'].includes(result.data.stopReason);
  return isOver ? turn.notes.join('\n') : undefined;
}

/** Whether the answer to a prompt says that it did not come to its end. */
export const isCut = (outcome: RpcOutcome): boolean =>
  !outcome.ok || promptResultSchema.safeParse(outcome.result ?? {}).data?.stopReason === 'cancelled';

/** The agent goes on in the same turn, because it hears something more. */
export function goOn(step: Step, outcome: RpcOutcome): void {
  const { turn } = step.state;
  if (turn === undefined || !outcome.ok) return;
  endTexts(step);
  const result = promptResultSchema.safeParse(outcome.result ?? {});
  if (result.success) countUsage(step, result.data);
  update(step, { turn: { ...turn, notes: [] } });
}

/** The agent answered the prompt: that is how a turn ends. */
export function applyPromptResult(step: Step, outcome: RpcOutcome): void {
  const { turn, title } = step.state;
  if (turn === undefined) return;
  if (!outcome.ok) {
    if (turn.failure !== undefined) return endTurn(step, { outcome: 'failed', error: turn.failure });
    if (turn.isInterrupting) return endTurn(step, { outcome: 'interrupted' });
    return endTurn(step, { outcome: 'failed', error: toFailure(title, outcome.error) });
  }
  const result = promptResultSchema.safeParse(outcome.result ?? {});
  if (!result.success) return endTurn(step, toUnreadableEnd(step));
  const counted = countUsage(step, result.data);
  const usage = counted === undefined ? {} : { usage: counted };
  const end = toEnd(step, result.data.stopReason);
  if (end.outcome === 'completed' && !turn.isHeard && turn.told.length === 0) tellSilence(step, counted);
  endTurn(step, { ...end, ...usage });
}

// Agents lose what their model said on the way here (OpenCode was seen to when ten of it began at once), and end the turn as if all
// were well. One that says it used no model, as for a command of its own, has nothing to say.
function tellSilence({ state: { title }, reports }: Step, usage: Usage | undefined): void {
  if (usage?.outputTokens === 0) return;
  const [level, what] =
    usage === undefined
      ? (['info', ' without a word.'] as const)
      : (['warning', ', and told nothing of what its model answered. Send the prompt again.'] as const);
  reports.push({ type: 'notice.raised', level, text: `${title} ended its turn${what}` });
}

function toEnd({ state }: Step, stopReason: string): End {
  const { turn, title } = state;
  if (turn?.failure !== undefined) return { outcome: 'failed', error: turn.failure };
  if (stopReason === 'cancelled' || turn?.isInterrupting === true) return { outcome: 'interrupted' };
  const error = toStopFailure(title, stopReason) ?? toTrouble(state);
  return error === undefined ? { outcome: 'completed' } : { outcome: 'failed', error };
}

// Whatever it was, the prompt is answered: the process stays, and takes the next.
function toUnreadableEnd({ state: { turn, title } }: Step): End {
  if (turn?.isInterrupting === true && turn.failure === undefined) return { outcome: 'interrupted' };
  const message = `${title} answered the prompt with something that Baton cannot read. Send the prompt again.`;
  return { outcome: 'failed', error: turn?.failure ?? { kind: 'agent-unresponsive', message } };
}

function toTrouble({ turn, title, texts, nativeId }: AcpState): Failure | undefined {
  if (turn?.trouble === undefined) return undefined;
  // Where it does not say what, its last words do.
  const words = turn.trouble === '' ? (texts[nativeId]?.text.trim() ?? '') : turn.trouble;
  return toFailure(title, { code: 0, message: words });
}

/** Whether only silence can tell that the turn is over, and nothing of it is open. */
export function awaitsSilence({ turn, prompts, tools }: AcpState): boolean {
  return turn !== undefined && !turn.isPrompted && prompts.length === 0 && Object.keys(tools).length === 0;
}

/** Ends the turn from outside the agent's messages: after silence, or because the agent hangs. */
export function settleTurn(state: AcpState, end: End, context: TranslateContext): Translation {
  return runStep(state, context, (step) => endTurn(step, end));
}
