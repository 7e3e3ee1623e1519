import { createStoredValue } from '../ui/stored-value.ts';

const stored = createStoredValue('lane.elsewhere.rows');

/** How many lines the lane had when it was last seen, so that its room is kept free until they are here again. */
export const laneRows = {
  set: stored.set,
  /** As CSS: the heading and its lines. */
  height(): string {
    const rows = Math.min(10, Math.max(0, Number(stored.get() ?? 0) || 0));
    return rows === 0 ? '0' : `calc(${rows - 1} * var(--row) + 4rem)`;
  },
};
