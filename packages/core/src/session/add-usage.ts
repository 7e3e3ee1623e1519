import type { Usage } from '@baton/protocol';

export function addUsage(left: Usage, right: Usage): Usage {
  const cacheRead = (left.cacheReadTokens ?? 0) + (right.cacheReadTokens ?? 0);
  const cacheWrite = (left.cacheWriteTokens ?? 0) + (right.cacheWriteTokens ?? 0);
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    ...(cacheRead === 0 ? {} : { cacheReadTokens: cacheRead }),
    ...(cacheWrite === 0 ? {} : { cacheWriteTokens: cacheWrite }),
  };
}
