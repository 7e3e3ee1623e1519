import type { Usage } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import type { Step } from './state.ts';
import type { PromptResult, ToldUsage } from './wire.ts';

const CUMULATIVE = 'Copilot';

/** The tokens of the turn that ends, as its answer tells them. */
export function countUsage(step: Step, { usage, _meta: meta }: PromptResult): Usage | undefined {
  const gemini = meta?.quota?.token_count;
  if (usage != null) {
    const told = toWhole(usage);
    return add(step, step.state.agent === CUMULATIVE ? subtract(told, step.state.usage) : told);
  }
  const heard = step.state.turn?.heard;
  if (gemini == null) return heard === undefined ? undefined : add(step, heard);
  return add(step, {
    ...NO_USAGE,
    inputTokens: toCount(gemini.input_tokens),
    outputTokens: toCount(gemini.output_tokens),
  });
}

/** A request to the model is over; counted with the turn when its answer does not tell what it used. */
export function hearUsage(step: Step, told: ToldUsage): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  update(step, { turn: { ...turn, heard: sum(turn.heard ?? NO_USAGE, toWhole(told)) } });
}

function toWhole({
  inputTokens,
  outputTokens,
  cachedReadTokens,
  cachedWriteTokens,
  totalTokens,
}: ToldUsage): WholeUsage {
  const cacheReadTokens = toCount(cachedReadTokens);
  // With some, what came from a cache is a part of the input, and the total shows it.
  const isPart = totalTokens != null && totalTokens === inputTokens + outputTokens;
  return {
    inputTokens: toCount(inputTokens - (isPart ? cacheReadTokens : 0)),
    outputTokens: toCount(outputTokens),
    cacheReadTokens,
    cacheWriteTokens: toCount(cachedWriteTokens),
  };
}

// No model has so many tokens: what counts more does not know what it says, and the sum of many has to be a whole number.
const MOST = 1e12;
const toCount = (count: number | null | undefined): number => Math.min(MOST, Math.max(0, Math.round(count ?? 0)));

function add(step: Step, turn: WholeUsage): Usage {
  const { usage } = step.state;
  update(step, { usage: sum(usage, turn) });
  reportUsage(step);
  return subtract(step.state.usage, step.state.turn?.usageBefore ?? usage);
}

const sum = (one: WholeUsage, other: WholeUsage): WholeUsage => ({
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
  cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
});

function subtract(told: WholeUsage, before: WholeUsage): WholeUsage {
  return {
    inputTokens: Math.max(0, told.inputTokens - before.inputTokens),
    outputTokens: Math.max(0, told.outputTokens - before.outputTokens),
    cacheReadTokens: Math.max(0, told.cacheReadTokens - before.cacheReadTokens),
    cacheWriteTokens: Math.max(0, told.cacheWriteTokens - before.cacheWriteTokens),
  };
}

/** What fills the model's window now, and what the conversation has cost so far. */
export function applyContext(
  step: Step,
  { used, size, cost }: { used: number; size: number; cost?: { amount: number; currency: string } | null | undefined },
): void {
  const context = size >= 1 ? { used: toCount(used), size: toCount(size) } : step.state.context;
  const costUsd = cost?.currency === 'USD' && cost.amount >= 0 ? cost.amount : step.state.costUsd;
  const isSame = JSON.stringify([context, costUsd]) === JSON.stringify([step.state.context, step.state.costUsd]);
  if (isSame) return;
  update(step, { context, costUsd });
  reportUsage(step);
}

function reportUsage(step: Step): void {
  const { usage, context, costUsd } = step.state;
  step.reports.push({
    type: 'usage.updated',
    usage,
    ...(context === undefined ? {} : { context }),
    ...(costUsd === undefined ? {} : { costUsd }),
  });
}
