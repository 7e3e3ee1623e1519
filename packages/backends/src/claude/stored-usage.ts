import type { WholeUsage } from '../agent/whole-usage.ts';
import type { StoredLine } from './stored-line.ts';
import { toUsage } from './usage.ts';

const NO_TOKENS: WholeUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** The tokens of a turn. Every line of a message repeats the message's usage, and the last one is the complete one. */
export function createTurnUsage() {
  const byMessage = new Map<string, WholeUsage>();
  const addTo = (start: WholeUsage = NO_TOKENS): WholeUsage =>
    [...byMessage.values()].reduce((sum, each) => add(sum, each), start);
  return { byMessage, addTo, total: () => addTo() };
}

export function addUsage({ byMessage }: ReturnType<typeof createTurnUsage>, { message, uuid }: StoredLine): void {
  if (message?.usage !== undefined) byMessage.set(message.id ?? uuid, toCounts(toUsage(message.usage)));
}

function add(left: WholeUsage, right: WholeUsage): WholeUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}

// Files hold what anybody wrote into them.
function toCounts(usage: WholeUsage): WholeUsage {
  const toCount = (value: number) => Math.min(Number.MAX_SAFE_INTEGER / 1e4, Math.max(0, Math.trunc(value) || 0));
  return {
    inputTokens: toCount(usage.inputTokens),
    outputTokens: toCount(usage.outputTokens),
    cacheReadTokens: toCount(usage.cacheReadTokens),
    cacheWriteTokens: toCount(usage.cacheWriteTokens),
  };
}
