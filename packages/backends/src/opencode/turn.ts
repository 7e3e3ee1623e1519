import type { TurnId } from '@baton/protocol';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import { NO_USAGE } from '../agent/whole-usage.ts';
import { toFailure } from './failure.ts';
import { type OpencodeState, type Step, type Translation, type TurnState, updateTurn } from './state.ts';
import { endTexts } from './text.ts';
import { endTool } from './tool-call.ts';

function createTurn(turnId: TurnId, promptId: string): TurnState {
  const flags = { hasBegun: false, wasBusy: false, isIdle: false, isDoubted: false, isInterrupting: false };
  return { turnId, promptId, steerIds: [], ...flags, told: [], blanks: 0, usage: NO_USAGE, costUsd: 0 };
}

const FRESH = {
  messages: {},
  texts: {},
  tools: {},
  calls: {},
  announced: {},
  closed: {},
  held: {},
  denied: [],
} as const;

/** A prompt of the user goes out. A turn the agent had begun by itself meanwhile is closed first. */
export function beginTurn(
  state: OpencodeState,
  prompt: { turnId: TurnId; promptId: string },
  context: TranslateContext,
): Translation {
  return runStep(state, context, (step) => {
    endTurn(step);
    update(step, { ...FRESH, turn: createTurn(prompt.turnId, prompt.promptId) });
  });
}

/**
 * The agent works although nobody asked: what it does gets a turn of its own. It may also be the last word about work that was
 * aborted before anybody listened, whose end has been told already: so it is asked whether it works.
 */
export function beginOwnTurn(step: Step, messageId: string): void {
  const turnId = step.context.createId('turn');
  update(step, { ...FRESH, turn: { ...createTurn(turnId, messageId), isDoubted: true } });
  step.reports.push({ type: 'turn.started', turnId, input: [], by: 'agent' });
}

/** OpenCode has nothing to do any more. Before it asked the model that is still about the turn before. */
export function noteIdle(step: Step): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  if (!isUnderWay(turn) && turn.error === undefined) return;
  updateTurn(step, { isIdle: true });
  endTurnWhenTold(step);
}

/** Ends an idle turn once all its messages are whole: after an interrupt "idle" comes before the last of them. */
export function endTurnWhenTold(step: Step): void {
  const { turn, messages, nativeId } = step.state;
  if (turn?.isIdle !== true) return;
  const isOpen = Object.values(messages).some((one) => one.sessionId === nativeId && !one.isDone);
  if (!isOpen) endTurn(step);
}

/** OpenCode works. Before it has the prompt among its messages that is still about the turn before. */
export function noteBusy(step: Step): void {
  if (isStored(step.state) && step.state.turn?.wasBusy === false) updateTurn(step, { wasBusy: true });
}

/** Whether OpenCode has the prompt among its messages. */
export function isStored({ messages }: OpencodeState): boolean {
  return Object.keys(messages).length > 0;
}

/** Whether OpenCode has a prompt that it has not begun: it would begin it although it was told to end. */
export function isToBegin({ turn }: OpencodeState): boolean {
  return turn !== undefined && !hearsAbort(turn) && turn.error === undefined;
}

/** Whether being idle is the end of a turn: of one that was interrupted also where the model had not been asked yet. */
export function isUnderWay({ hasBegun, wasBusy, isInterrupting }: TurnState): boolean {
  return hasBegun || (wasBusy && isInterrupting);
}

function hearsAbort({ hasBegun, wasBusy }: TurnState): boolean {
  return hasBegun || wasBusy;
}

/** Whether a prompt begins now that was interrupted before: OpenCode ends only what it has begun. */
export function beginsInterrupted({ turn: before }: OpencodeState, { turn }: OpencodeState): boolean {
  if (turn?.isInterrupting !== true || !hearsAbort(turn)) return false;
  return before?.turnId === turn.turnId && before.isInterrupting && !hearsAbort(before);
}

/** Whether the turn looks over, or should be, and OpenCode has not said so for sure: somebody has to ask it. */
export function isInDoubt({ turn }: OpencodeState): boolean {
  if (turn === undefined) return false;
  return turn.isIdle || turn.isDoubted || turn.isInterrupting || (turn.error !== undefined && !turn.hasBegun);
}

/** Whether silence says something about the model: a running tool or an open question may take any time. */
export function waitsForModel({ turn, prompts, tools }: OpencodeState): boolean {
  return turn !== undefined && prompts.length === 0 && Object.keys(tools).length === 0;
}

/** How sure it is what OpenCode was found to be doing. */
export interface Look {
  /** The turn was under way, as far as was known, before OpenCode was asked. */
  hadBegun: boolean;
  /** It was asked again because of a doubt, after the time within which that settles, or the prompt begins, by itself. */
  hasWaited: boolean;
}

/** OpenCode was asked and has nothing to do. A prompt it has only just been given it may not have begun: then ask again. */
export function settleIdle(step: Step, { hadBegun, hasWaited }: Look): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  if (hadBegun || turn.error !== undefined) return endTurn(step);
  if (turn.hasBegun || !turn.isDoubted || !hasWaited) return updateTurn(step, { isDoubted: true });
  if (!turn.isInterrupting) {
    const message = 'OpenCode did not work on the prompt. Send it again.';
    updateTurn(step, { failure: { kind: 'agent-unresponsive', message } });
  }
  endTurn(step);
}

/** Closes all that is open in the turn and reports its end, once. Nothing happens without a turn. */
export function endTurn(step: Step): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  const end = toEnd(turn);
  withdrawPrompts(step, () => true, end.error?.message ?? 'The turn ended');
  endTexts(step);
  const status = end.outcome === 'failed' ? 'failed' : 'interrupted';
  for (const partId of Object.keys(step.state.tools).toReversed()) endTool(step, partId, { status, output: [] });
  update(step, { turn: undefined });
  const point = turn.point === undefined ? {} : { point: turn.point };
  step.reports.push({
    type: 'turn.ended',
    turnId: turn.turnId,
    ...end,
    usage: turn.usage,
    costUsd: turn.costUsd,
    ...point,
  });
}

function toEnd({ failure, error, isInterrupting, finish }: TurnState) {
  if (failure !== undefined) return { outcome: 'failed' as const, error: failure };
  if (isInterrupting || error?.name === 'MessageAbortedError') return { outcome: 'interrupted' as const };
  if (error !== undefined) return { outcome: 'failed' as const, error: toFailure(error) };
  if (finish !== 'content-filter') return { outcome: 'completed' as const };
  const message = 'The model refused to answer. Ask in another way, or choose another model.';
  return { outcome: 'failed' as const, error: { kind: 'model-failed' as const, message } };
}

export function withdrawPrompts(step: Step, isGone: (requestId: string) => boolean, reason: string): void {
  const gone = step.state.prompts.filter((prompt) => isGone(prompt.requestId));
  if (gone.length === 0) return;
  update(step, {
    prompts: step.state.prompts.filter((prompt) => !isGone(prompt.requestId)),
    dropped: [...step.state.dropped, ...gone.map((prompt) => prompt.requestId)],
  });
  for (const prompt of gone) {
    if (prompt.type === 'approval') {
      step.reports.push({ type: 'approval.withdrawn', approvalId: prompt.approvalId, reason });
    } else step.reports.push({ type: 'question.withdrawn', questionId: prompt.questionId, reason });
  }
}

/** Tells a cause once per turn, however often the agent repeats it. */
export function tellOnce(step: Step, cause: string, text: string): void {
  const { turn } = step.state;
  if (turn?.told.includes(cause)) return;
  if (turn !== undefined) updateTurn(step, { told: [...turn.told, cause] });
  step.reports.push({ type: 'notice.raised', level: 'warning', text });
}
