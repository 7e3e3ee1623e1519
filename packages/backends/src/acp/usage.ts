import type { Usage } from '@baton/protocol';
import { NO_USAGE, type Step, type WholeUsage, update } from './state.ts';
import type { PromptResult } from './wire.ts';

const CUMULATIVE = 'Copilot';

/** The tokens of the turn that ends, as its answer tells them. */
export function countUsage(step: Step, { usage, _meta: meta }: PromptResult): Usage | undefined {
  const gemini = meta?.quota?.token_count;
  if (usage != null) {
    const told = {
      inputTokens: toCount(usage.inputTokens),
      outputTokens: toCount(usage.outputTokens),
      cacheReadTokens: toCount(usage.cachedReadTokens),
      cacheWriteTokens: toCount(usage.cachedWriteTokens),
    };
    return add(step, step.state.agent === CUMULATIVE ? subtract(told, step.state.usage) : told);
  }
  if (gemini == null) return undefined;
  return add(step, {
    ...NO_USAGE,
    inputTokens: toCount(gemini.input_tokens),
    outputTokens: toCount(gemini.output_tokens),
  });
}

const toCount = (count: number | null | undefined): number => Math.max(0, Math.round(count ?? 0));

function add(step: Step, turn: WholeUsage): Usage {
  const { usage } = step.state;
  update(step, {
    usage: {
      inputTokens: usage.inputTokens + turn.inputTokens,
      outputTokens: usage.outputTokens + turn.outputTokens,
      cacheReadTokens: usage.cacheReadTokens + turn.cacheReadTokens,
      cacheWriteTokens: usage.cacheWriteTokens + turn.cacheWriteTokens,
    },
  });
  reportUsage(step);
  return subtract(step.state.usage, step.state.turn?.usageBefore ?? usage);
}

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
  const context = size >= 1 ? { used: toCount(used), size: Math.round(size) } : step.state.context;
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
