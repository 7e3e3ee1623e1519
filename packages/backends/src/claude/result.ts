import type { AgentTurnEnd } from '@baton/core';
import { update } from '../agent/step.ts';
import { toFailure } from './failure.ts';
import type { Step, TurnCost, TurnState } from './state.ts';
import { toUnread } from './steer.ts';
import { applyWholeText, endTexts } from './text.ts';
import { endTurn } from './turn-end.ts';
import { addCost, countResult } from './usage.ts';
import type { ResultMessage } from './wire.ts';

/** The agent's own end of a turn. Which one it ends is not always the one that is open. */
export function applyResult(step: Step, result: ResultMessage): void {
  const cost = countResult(step, result);
  const { turn } = step.state;
  if (turn === undefined || !endsTurn(turn, result)) return;
  speakResult(step, result);
  endTexts(step, () => true);
  const whole = addCost(turn.cost ?? {}, cost);
  if (goesOn(step)) return goOn(step, whole);
  endTurn(step, { ...toEnd(step, result), ...whole });
}

// Newer versions name the prompts that a result answers. Older ones only tell when none did.
function endsTurn(turn: TurnState, { user_message_uuids: answered, origin }: ResultMessage): boolean {
  if (turn.promptUuid === undefined) return true;
  const ours = [turn.promptUuid, ...turn.steers.map(({ uuid }) => uuid)];
  if (answered !== undefined) return answered.some((uuid) => ours.includes(uuid));
  return origin?.kind !== 'task-notification';
}

// What was added while the last words were written is taken up right after them, by a turn of the agent's own making.
function goesOn({ state }: Step): boolean {
  return toUnread(state).length > 0 && state.turn?.isInterrupting === false;
}

function goOn(step: Step, cost: TurnCost): void {
  if (step.state.turn === undefined) return;
  const { trouble: _, ...turn } = step.state.turn;
  update(step, { turn: { ...turn, cost } });
}

// Commands of the CLI itself, such as /cost, say what they have to say only here.
function speakResult(step: Step, { is_error: isError, num_turns: turns, result = '' }: ResultMessage): void {
  if (isError || turns !== 0 || ['', '(no content)'].includes(result.trim()) || step.state.turn?.hasSpoken === true)
    return;
  applyWholeText(step, { type: 'agent-message', text: result, messageId: '' });
}

function toEnd(step: Step, result: ResultMessage): Pick<AgentTurnEnd, 'outcome' | 'error'> {
  const { failure, trouble, isInterrupting = false } = step.state.turn ?? {};
  const wasCut = result.terminal_reason?.startsWith('aborted') === true;
  if (failure !== undefined && (result.is_error || wasCut)) return { outcome: 'failed', error: failure };
  // An interrupt can come too late to cut anything.
  if (!result.is_error) return { outcome: isInterrupting && wasCut ? 'interrupted' : 'completed' };
  if (isInterrupting || wasCut) return { outcome: 'interrupted' };
  return { outcome: 'failed', error: toFailure({ ...trouble, ...toTrouble(result) }) };
}

function toTrouble(result: ResultMessage): Parameters<typeof toFailure>[0] {
  const errors = (result.errors ?? []).filter((text) => !text.startsWith('[ede_diagnostic]'));
  const text = result.result ?? errors.join('; ');
  if (result.stop_reason === 'refusal') return { text: text === '' ? 'The model refused this request' : text };
  return { text: text === '' ? result.subtype.replaceAll('_', ' ') : text, status: result.api_error_status };
}

/** The CLI speaks in the model's name when a request failed; that belongs to the end of the turn, not to the conversation. */
export function noteSyntheticError(step: Step, trouble: { cause: string; text: string }): void {
  const { turn } = step.state;
  if (turn !== undefined) update(step, { turn: { ...turn, trouble } });
}
