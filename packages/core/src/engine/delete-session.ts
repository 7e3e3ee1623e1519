import { AppError, type SessionId, toAppError, toProblem } from '@baton/protocol';
import type { EventStore } from '../ports/event-store.ts';
import type { Actors } from './actors.ts';
import type { Receipt } from './engine.ts';
import type { Topics } from './topics.ts';

/** Ends a session's agent and subscriptions, and removes all that is kept of it but its receipts. */
export async function deleteSession(
  { store, actors, topics }: { store: EventStore; actors: Actors; topics: Topics },
  sessionId: SessionId,
): Promise<Receipt> {
  try {
    if ((await store.readView(sessionId)) === undefined) {
      throw new AppError('not-found', `There is no session "${sessionId}"`);
    }
    await actors.use(sessionId, async (actor) => {
      await actor.remove();
      actors.forget(sessionId);
    });
    topics.deleted(sessionId);
    return { ok: true, result: null };
  } catch (error) {
    return { ok: false, error: toProblem(toAppError(error)) };
  }
}
