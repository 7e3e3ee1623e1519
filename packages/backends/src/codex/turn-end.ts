import type { AgentTurnEnd } from '@baton/core';
import type { Failure, TurnId } from '@baton/protocol';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import type { CodexState, Step, Translation } from './state.ts';
import { endTexts } from './text.ts';
import { endTool } from './tool-call.ts';
import { toTurn } from './turn.ts';
import { toTurnUsage } from './usage.ts';

/** A prompt of the user goes out. A turn the agent had begun by itself meanwhile is closed first. */
export function beginTurn(state: CodexState, turnId: TurnId, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    endTurn(step, { outcome: 'completed' });
    update(step, { turn: toTurn(step.state, { turnId, nativeId: undefined, isPrompted: true }) });
  });
}

/** Closes all that is open in the turn and reports its end, once. Nothing happens without a turn. */
export function endTurn(step: Step, end: Omit<AgentTurnEnd, 'type' | 'turnId' | 'usage'>): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  withdrawPrompts(step, () => true, end.error?.message ?? 'The turn ended');
  endTexts(step, () => true);
  // Children before the call that began them.
  for (const [key, tool] of Object.entries(step.state.tools).toReversed()) closeTool(step, { key, tool, end });
  const usage = toTurnUsage(step.state, turn);
  const failed = turn.failure === undefined ? {} : { outcome: 'failed' as const, error: turn.failure };
  update(step, { turn: undefined, denied: [] });
  const point = turn.nativeId === undefined ? {} : { point: turn.nativeId };
  step.reports.push({ type: 'turn.ended', turnId: turn.turnId, ...end, ...failed, ...usage, ...point });
}

interface Closing {
  key: string;
  tool: CodexState['tools'][string];
  end: { outcome: AgentTurnEnd['outcome'] };
}

// A command that Codex leaves running goes on in the background, and so does a subagent; others were never told of again.
function closeTool(step: Step, { key, tool, end }: Closing): void {
  if (end.outcome === 'completed' && tool.processId !== undefined) {
    update(step, { background: { ...step.state.background, [key]: tool.item.title } });
    const text = `${tool.live}\n[runs on in the background]`.trimStart();
    return endTool(step, key, { status: 'completed', output: [{ type: 'terminal', text, exitCode: null }] });
  }
  const isAgent = tool.agent !== undefined;
  const output =
    isAgent && end.outcome === 'completed' ? [{ type: 'text' as const, text: 'Works on in the background.' }] : [];
  const status =
    end.outcome === 'completed' && isAgent ? 'completed' : end.outcome === 'interrupted' ? 'interrupted' : 'failed';
  endTool(step, key, { status, output });
}

export function withdrawPrompts(step: Step, isGone: (requestId: string | number) => boolean, reason: string): void {
  const gone = step.state.prompts.filter((prompt) => isGone(prompt.requestId));
  if (gone.length === 0) return;
  update(step, { prompts: step.state.prompts.filter((prompt) => !isGone(prompt.requestId)) });
  for (const prompt of gone) {
    if (prompt.type === 'approval') {
      step.reports.push({ type: 'approval.withdrawn', approvalId: prompt.approvalId, reason });
    } else step.reports.push({ type: 'question.withdrawn', questionId: prompt.questionId, reason });
  }
}

/** Ends the turn from outside the agent's messages: because it could not begin, or because the agent hangs. */
export function settleTurn(
  state: CodexState,
  end: { outcome: 'completed' | 'interrupted' | 'failed'; error?: Failure },
  context: TranslateContext,
): Translation {
  return runStep(state, context, (step) => endTurn(step, end));
}
