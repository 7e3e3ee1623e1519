import type { TimelineTurn } from '@baton/core';
import type { ItemId, SessionId } from '@baton/protocol';
import { createValueStore } from '../../live/value-store.ts';
import type { Row } from './row.ts';

export interface Jump {
  readonly sessionId: SessionId;
  readonly itemId: ItemId;
}

/** Where the reader asked to go from beside the conversation; taken out by the conversation that goes there. */
export const jumpStore = createValueStore<Jump | undefined>(undefined);

/** Keys of all that must be open for an item to be in sight: its subagents and its group, itself last. */
export function toUnfolding(itemId: ItemId, turns: readonly TimelineTurn[], rows: readonly Row[]): string[] {
  const items = turns.find((turn) => turn.items.some((entry) => entry.itemId === itemId))?.items ?? [];
  const parents = new Map(items.map((entry) => [entry.itemId, entry.parentItemId]));
  const keys: string[] = [];
  for (let at: ItemId | undefined = itemId; at !== undefined && !keys.includes(at); at = parents.get(at))
    keys.unshift(at);
  const groups = rows.flatMap((row) =>
    row.kind === 'group' && row.entries.some((entry) => entry.itemId === itemId) ? [row.key] : [],
  );
  return [...groups, ...keys];
}
