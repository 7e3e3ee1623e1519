import { turnIdSchema, type SessionId, type TurnId } from '@baton/protocol';

/** The address of a turn: its session's, with the turn behind the hash. */
export function toTurnLink(sessionId: SessionId, turnId: TurnId): string {
  return `${location.origin}/sessions/${sessionId}#${turnId}`;
}

/** The turn that an address names, if it does. */
export function readTurnLink(hash: string): TurnId | undefined {
  const parsed = turnIdSchema.safeParse(hash.replace(/^#/, ''));
  return parsed.success ? parsed.data : undefined;
}
