import type { RecordedEvent, TurnId } from '@baton/protocol';
import type { EndedTurn } from '../session/decision.ts';

/** The turn with this id, or the last one, where it has ended; reads a history once, from its beginning. */
export async function findEndedTurn(
  history: AsyncIterable<RecordedEvent>,
  turnId?: TurnId,
): Promise<EndedTurn | undefined> {
  let found: EndedTurn | undefined;
  for await (const { seq, event } of history) {
    if (event.type === 'turn.started' && found !== undefined) found = { ...found, isLast: false };
    if (event.type !== 'turn.ended') continue;
    if (turnId !== undefined && event.turnId !== turnId) continue;
    found = { turnId: event.turnId, seq, isLast: true, point: event.point };
  }
  return found;
}
