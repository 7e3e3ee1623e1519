import { itemIdSchema, turnIdSchema, type ItemId, type SessionId, type TurnId } from '@baton/protocol';

/** The address of a turn: its session's, with the turn behind the hash. */
export function toTurnLink(sessionId: SessionId, turnId: TurnId): string {
  return `${location.origin}/sessions/${sessionId}#${turnId}`;
}

/** The turn or item that an address names, if it does. */
export function readPlaceLink(hash: string): { turnId: TurnId } | { itemId: ItemId } | undefined {
  const id = hash.replace(/^#/, '');
  const turnId = turnIdSchema.safeParse(id);
  if (turnId.success) return { turnId: turnId.data };
  const itemId = itemIdSchema.safeParse(id);
  return itemId.success ? { itemId: itemId.data } : undefined;
}
