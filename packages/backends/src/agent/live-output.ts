import type { ToolOutput } from '@baton/protocol';
import { cutMiddle } from './cut.ts';

/** In characters: what is kept of what a call printed while it ran. */
export const MAX_LIVE = 100_000;

/** The output of a call of which nothing else is known than what it printed while it ran. */
export const toLiveOutput = (live: string): ToolOutput[] =>
  live === '' ? [] : [{ type: 'terminal', ...cutMiddle(live, MAX_LIVE) }];
