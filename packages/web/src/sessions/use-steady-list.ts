import { useState } from 'react';
import { holdList, type HeldList } from './hold-list.ts';

export interface SteadyList<T> extends HeldList<T> {
  /** Brings the held list up to date now. */
  settle(): void;
  /** Moves what is held, for what was moved in here by hand. */
  rearrange(change: (ids: readonly string[]) => readonly string[]): void;
}

/** A list in which nothing moves while it is `held`. */
export function useSteadyList<T extends { id: string }>(live: readonly T[], held: boolean): SteadyList<T> {
  const [kept, setKept] = useState<readonly string[]>();
  if (held !== (kept !== undefined)) setKept(held ? toIds(live) : undefined);
  const shown = kept === undefined ? { items: live, changed: false } : holdList(kept, live);
  return {
    ...shown,
    settle: () => setKept((before) => (before === undefined ? undefined : toIds(live))),
    rearrange: (change) => setKept((before) => (before === undefined ? undefined : change(before))),
  };
}

function toIds(items: readonly { id: string }[]): string[] {
  return items.map(({ id }) => id);
}
