import type { TimelineTurn } from '@baton/core';
import type { ItemId, SessionId, TurnId } from '@baton/protocol';
import { createValueStore } from '../../live/value-store.ts';
import type { Row } from './row.ts';

/** An item, or the beginning of a turn. */
export type Jump =
  | { readonly sessionId: SessionId; readonly itemId: ItemId }
  | { readonly sessionId: SessionId; readonly turnId: TurnId };

/** Where the reader asked to go from beside the conversation; taken out by the conversation that goes there. */
export const jumpStore = createValueStore<Jump | undefined>(undefined);

/** Keys of all that must be open for an item to be in sight: its subagents and its group, itself last. */
export function toUnfolding(jump: Jump, turns: readonly TimelineTurn[], rows: readonly Row[]): string[] {
  if ('turnId' in jump) return [];
  const { itemId } = jump;
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

/** Where the row is that was asked for: of a turn its prompt, or its end when the prompt is not loaded. */
export function findJumpRow(jump: Jump, rows: readonly Row[]): number {
  if ('itemId' in jump) return rows.findIndex((row) => row.key === jump.itemId);
  const prompt = rows.findIndex((row) => row.key === `prompt:${jump.turnId}`);
  return prompt >= 0 ? prompt : rows.findIndex((row) => row.key === `end:${jump.turnId}`);
}
