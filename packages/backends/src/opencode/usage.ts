import { type Step, type WholeUsage, update, updateTurn } from './state.ts';
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
  const size = step.state.offer.windows[`${providerID}/${modelID}`];
  const isMain = sessionID === step.state.nativeId && message.summary !== true;
  update(step, {
    tokens: addUsage(step.state.tokens, usage),
    costUsd: step.state.costUsd + cost,
    ...(isMain && size !== undefined && size > 0 ? { context: { used, size } } : {}),
  });
  const { tokens: total, costUsd, context } = step.state;
  step.reports.push({ type: 'usage.updated', usage: total, costUsd, ...(context === undefined ? {} : { context }) });
}

function addUsage(left: WholeUsage, right: WholeUsage): WholeUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}
