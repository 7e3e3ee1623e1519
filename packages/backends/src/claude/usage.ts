import { update } from '../agent/step.ts';
import type { WholeUsage } from '../agent/whole-usage.ts';
import type { Step, TurnCost } from './state.ts';
import type { ResultMessage, Tokens } from './wire.ts';

export function toUsage(tokens: Tokens): WholeUsage {
  return {
    inputTokens: tokens.input_tokens ?? 0,
    outputTokens: tokens.output_tokens ?? 0,
    cacheReadTokens: tokens.cache_read_input_tokens ?? 0,
    cacheWriteTokens: tokens.cache_creation_input_tokens ?? 0,
  };
}

/** Tokens of one request of the main thread come in two parts; together they are what fills the model's window now. */
export function noteRequest(step: Step, tokens: Tokens): void {
  const known = Object.entries(tokens).filter(([, count]) => count != null);
  update(step, { request: { ...step.state.request, ...Object.fromEntries(known) } });
}

export function noteContext(step: Step): void {
  const used = toUsage(step.state.request);
  const contextUsed = used.inputTokens + used.outputTokens + used.cacheReadTokens + used.cacheWriteTokens;
  const isNews = contextUsed !== 0 && contextUsed !== step.state.contextUsed;
  update(step, { request: {}, ...(isNews ? { contextUsed } : {}) });
  if (isNews) reportUsage(step);
}

/** Takes the totals of a result. Its tokens are of this turn; its cost is a running total, whose growth is this turn's. */
export function countResult(step: Step, result: ResultMessage): TurnCost {
  const usage = result.usage === undefined ? undefined : toUsage(result.usage);
  const costUsd = toTurnCost(step, result);
  const { tokens } = step.state;
  update(step, {
    costUsd: result.total_cost_usd ?? step.state.costUsd,
    contextSize: toContextSize(step, result),
    ...(usage === undefined ? {} : { tokens: addTokens(tokens, usage) }),
  });
  reportUsage(step);
  return { ...(usage === undefined ? {} : { usage }), ...(costUsd === undefined ? {} : { costUsd }) };
}

/** What two results of one turn cost together. */
export function addCost(one: TurnCost, other: TurnCost): TurnCost {
  const usage = one.usage && other.usage ? addTokens(one.usage, other.usage) : (other.usage ?? one.usage);
  const costUsd = one.costUsd === undefined ? other.costUsd : one.costUsd + (other.costUsd ?? 0);
  return { ...(usage === undefined ? {} : { usage }), ...(costUsd === undefined ? {} : { costUsd }) };
}

// Newer versions go on counting where the last process stopped, so their first total is not this turn's; they tell the
// growth instead. Older ones begin at zero with each process.
function toTurnCost(step: Step, result: ResultMessage): number | undefined {
  const grown = result.model_usage_since_last_result;
  if (grown !== undefined) return Object.values(grown).reduce((sum, model) => sum + (model.costUSD ?? 0), 0);
  if (result.total_cost_usd === undefined) return undefined;
  return Math.max(0, result.total_cost_usd - (step.state.costUsd ?? 0));
}

function addTokens(left: WholeUsage, right: WholeUsage): WholeUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}

// Of several models the main thread's has the largest window in practice; helpers run on small ones.
function toContextSize(step: Step, result: ResultMessage): number | undefined {
  const sizes = Object.values(result.modelUsage ?? {}).map((model) => model.contextWindow ?? 0);
  const largest = Math.max(0, ...sizes);
  return largest > 0 ? largest : step.state.contextSize;
}

export function reportUsage(step: Step): void {
  const { tokens, contextUsed, contextSize, costUsd } = step.state;
  if (contextSize === undefined) return;
  step.reports.push({
    type: 'usage.updated',
    usage: tokens,
    context: { used: contextUsed, size: contextSize },
    ...(costUsd === undefined ? {} : { costUsd }),
  });
}
