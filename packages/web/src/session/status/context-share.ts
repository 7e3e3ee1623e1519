import type { ContextWindow } from '@baton/protocol';

const TIGHT = 0.8;

export function toPercent({ used, size }: ContextWindow): number {
  return Math.min(100, Math.round((used / size) * 100));
}

/** Above four fifths the agent will soon have to forget something. */
export function isNearlyFull({ used, size }: ContextWindow): boolean {
  return used / size > TIGHT;
}
