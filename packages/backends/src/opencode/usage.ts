import { update } from '../agent/step.ts';
import type { WholeUsage } from '../agent/whole-usage.ts';
import { type OpencodeState, type Step, updateTurn } from './state.ts';
import type { NativeMessage, NativeTokens } from './wire.ts';

/** OpenCode counts what was thought beside what was said; both are output. */
export function toUsage(tokens: NativeTokens): WholeUsage {
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output + tokens.reasoning,
    cacheReadTokens: tokens.cache.read,
    cacheWriteTokens: tokens.cache.write,
  };
}

/** Counts one finished answer of the model. A subagent's counts too, but does not fill the conversation's window. */
export function countMessage(step: Step, message: Extract<NativeMessage, { role: 'assistant' }>): void {
  const { tokens, cost, sessionID, providerID, modelID } = message;
  const { turn } = step.state;
  if (tokens === undefined || turn === undefined) return;
  const usage = toUsage(tokens);
  const used = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  if (used === 0 && cost === 0) return;
  updateTurn(step, { usage: addUsage(turn.usage, usage), costUsd: turn.costUsd + cost });
  const isMain = sessionID === step.state.nativeId && message.summary !== true;
  update(step, {
    tokens: addUsage(step.state.tokens, usage),
    costUsd: step.state.costUsd + cost,
    ...(isMain ? { filled: { used, model: `${providerID}/${modelID}` } } : {}),
  });
  reportUsage(step);
}

/** How full the window is of an answer that came before it was known how large the models' windows are. */
export function catchUpOnContext(step: Step): void {
  if (toContext(step.state) !== undefined) reportUsage(step);
}

function reportUsage(step: Step): void {
  const { tokens: usage, costUsd } = step.state;
  const context = toContext(step.state);
  step.reports.push({ type: 'usage.updated', usage, costUsd, ...(context === undefined ? {} : { context }) });
}

function toContext({ filled, offer }: OpencodeState): { used: number; size: number } | undefined {
  const size = filled === undefined ? undefined : offer.windows[filled.model];
  return filled === undefined || size === undefined || size === 0 ? undefined : { used: filled.used, size };
}

function addUsage(left: WholeUsage, right: WholeUsage): WholeUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}
