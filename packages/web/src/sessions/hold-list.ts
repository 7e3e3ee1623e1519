export interface HeldList<T> {
  items: readonly T[];
  /** Something stands elsewhere, or is new, and would move what is shown. */
  changed: boolean;
}

/**
 * The list to show while somebody is in it: what was shown keeps its place and shows its newest facts, what is gone leaves,
 * what comes at the end is added, and all else waits.
 */
export function holdList<T extends { id: string }>(held: readonly string[], live: readonly T[]): HeldList<T> {
  const byId = new Map(live.map((item) => [item.id, item]));
  const kept = held.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(held);
  const end = live.findLastIndex(({ id }) => known.has(id)) + 1;
  const items = [...kept, ...live.slice(end)];
  const changed = items.length !== live.length || items.some((item, index) => item.id !== live[index]?.id);
  return { items, changed };
}
