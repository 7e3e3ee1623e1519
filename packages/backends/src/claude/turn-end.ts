import type { AgentTurnEnd } from '@baton/core';
import type { Failure, TurnId } from '@baton/protocol';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import type { ClaudeState, Step, Translation } from './state.ts';
import { tellUnread, toUnread } from './steer.ts';
import { endTexts } from './text.ts';
import { endTool } from './tool-call.ts';

/** A prompt of the user goes out. A turn the agent had begun by itself meanwhile is closed first. */
export function beginTurn(
  state: ClaudeState,
  prompt: { turnId: TurnId; promptUuid: string },
  context: TranslateContext,
): Translation {
  return runStep(state, context, (step) => {
    endTurn(step, { outcome: 'completed' });
    const turn = { ...prompt, isBackground: false, isInterrupting: false, hasSpoken: false, told: [], steers: [] };
    update(step, { turn, isIdle: false });
  });
}

/** Closes all that is open in the turn and reports its end, once. Nothing happens without a turn. */
export function endTurn(step: Step, end: Omit<AgentTurnEnd, 'type' | 'turnId'>): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  withdrawPrompts(step, () => true, end.error?.message ?? 'The turn ended');
  endTexts(step, () => true);
  for (const [toolUseId, tool] of Object.entries(step.state.tools).toReversed()) {
    if (tool.isHeld) continue;
    endTool(step, toolUseId, { status: end.outcome === 'failed' ? 'failed' : 'interrupted', output: [] });
  }
  if (toUnread(step.state).length > 0) tellUnread(step);
  update(step, { turn: undefined, denied: [], messageId: undefined });
  const { point } = step.state;
  step.reports.push({ type: 'turn.ended', turnId: turn.turnId, ...end, ...(point === undefined ? {} : { point }) });
}

export function withdrawPrompts(step: Step, isGone: (requestId: string) => boolean, reason: string): void {
  const gone = step.state.prompts.filter((prompt) => isGone(prompt.requestId));
  if (gone.length === 0) return;
  update(step, { prompts: step.state.prompts.filter((prompt) => !isGone(prompt.requestId)) });
  for (const prompt of gone) {
    if (prompt.type === 'approval') {
      step.reports.push({ type: 'approval.withdrawn', approvalId: prompt.approvalId, reason });
    } else step.reports.push({ type: 'question.withdrawn', questionId: prompt.questionId, reason });
  }
}

/** Whether only silence can tell that the turn is over, and nothing of it is open. */
export function awaitsSilence({ turn, isIdle, prompts, texts, tools }: ClaudeState): boolean {
  if (turn === undefined || !(turn.isBackground || isIdle)) return false;
  return prompts.length === 0 && texts.length === 0 && Object.values(tools).every((tool) => tool.isHeld);
}

/** Whether nothing but the model can take the turn further. */
export function waitsForModel({ turn, prompts, tools }: ClaudeState): boolean {
  return turn !== undefined && prompts.length === 0 && Object.values(tools).every((tool) => tool.isHeld);
}

/** Ends the turn from outside the agent's messages: after silence, or because the agent hangs. */
export function settleTurn(
  state: ClaudeState,
  end: { outcome: 'completed' | 'interrupted' | 'failed'; error?: Failure },
  context: TranslateContext,
): Translation {
  return runStep(state, context, (step) => endTurn(step, end));
}
