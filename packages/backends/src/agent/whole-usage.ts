import type { Usage } from '@baton/protocol';

/** Tokens with none of their kinds left out. */
export type WholeUsage = Record<keyof Usage, number>;

export const NO_USAGE: WholeUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
