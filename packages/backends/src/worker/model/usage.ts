import type { ContextWindow, EventOf, RecordedEvent, Usage } from '@baton/protocol';
import type { RequestUsage } from '../wire.ts';
import { findModel } from './model-list.ts';

/** Tokens and money of a turn or a session. `costUsd` is undefined once something had no known price. */
export interface Spent {
  usage: Usage & { cacheReadTokens: number; cacheWriteTokens: number };
  costUsd: number | undefined;
}

export const nothingSpent: Spent = {
  usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  costUsd: 0,
};

export function addRequest(spent: Spent, request: RequestUsage, model: string): Spent {
  const cost = toCost(request, model);
  return {
    usage: {
      inputTokens: spent.usage.inputTokens + request.input,
      outputTokens: spent.usage.outputTokens + request.output,
      cacheReadTokens: spent.usage.cacheReadTokens + request.cacheRead,
      cacheWriteTokens: spent.usage.cacheWriteTokens + request.cacheWrite,
    },
    costUsd: spent.costUsd === undefined || cost === undefined ? undefined : spent.costUsd + cost,
  };
}

/** US dollars by the public price list; undefined for a model that is not in it. */
export function toCost(request: RequestUsage, model: string): number | undefined {
  const price = findModel(model)?.price;
  if (price === undefined) return undefined;
  const { input, output, cacheRead, cacheWrite } = request;
  return (
    (input * price.input + output * price.output + cacheRead * price.cacheRead + cacheWrite * price.cacheWrite) /
    1_000_000
  );
}

/** Tokens in the window after a request. */
export const toUsed = (request: RequestUsage): number =>
  request.input + request.cacheRead + request.cacheWrite + request.output;

export function toUsageEvent(spent: Spent, context: ContextWindow | undefined): EventOf<'usage.updated'> {
  return {
    type: 'usage.updated',
    usage: spent.usage,
    ...(context === undefined ? {} : { context }),
    ...(spent.costUsd === undefined ? {} : { costUsd: spent.costUsd }),
  };
}

/** What was spent, and how full the window was, by the log of the session so far. */
export function foldSpent(events: readonly RecordedEvent[]): { spent: Spent; used: number | undefined } {
  const last = events.findLast(({ event }) => event.type === 'usage.updated')?.event;
  if (last?.type !== 'usage.updated') return { spent: nothingSpent, used: undefined };
  const { cacheReadTokens = 0, cacheWriteTokens = 0, ...rest } = last.usage;
  const usage = { ...rest, cacheReadTokens, cacheWriteTokens };
  return { spent: { usage, costUsd: last.costUsd }, used: last.context?.used };
}
