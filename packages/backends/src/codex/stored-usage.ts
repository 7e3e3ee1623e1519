import type { WholeUsage } from '../agent/whole-usage.ts';
import type { StoredTokens } from './stored-line.ts';

/** Codex counts cached input as input; Baton does not. */
export function toUsage(total: StoredTokens): WholeUsage {
  const whole = (value: number) => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(value)));
  return {
    inputTokens: whole(total.input_tokens - total.cached_input_tokens - total.cache_write_input_tokens),
    outputTokens: whole(total.output_tokens),
    cacheReadTokens: whole(total.cached_input_tokens),
    cacheWriteTokens: whole(total.cache_write_input_tokens),
  };
}

export function toGrowth(now: WholeUsage, before: WholeUsage): WholeUsage {
  return {
    inputTokens: Math.max(0, now.inputTokens - before.inputTokens),
    outputTokens: Math.max(0, now.outputTokens - before.outputTokens),
    cacheReadTokens: Math.max(0, now.cacheReadTokens - before.cacheReadTokens),
    cacheWriteTokens: Math.max(0, now.cacheWriteTokens - before.cacheWriteTokens),
  };
}
