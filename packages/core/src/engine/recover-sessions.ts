import { AppError, type SessionId } from '@baton/protocol';
import type { Backend } from '../ports/backend.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Actors } from './actors.ts';

/** Ends what an earlier life of the server left open in the log: turns, items, approvals, processes. Queued turns go on. */
export async function recoverSessions(options: {
  store: EventStore;
  actors: Actors;
  backends: readonly Backend[];
  onFault(error: unknown): void;
}): Promise<void> {
  const { store, actors, backends, onFault } = options;
  await Promise.all(backends.map((backend) => cleanUp(backend).catch(onFault)));
  for (const sessionId of await listInOrder(store)) {
    try {
      const receipt = await actors.use(sessionId, (actor) => actor.recover());
      if (!receipt.ok) throw new AppError(receipt.error.kind, receipt.error.detail);
    } catch (error) {
      onFault(error);
    }
  }
}

// Whoever waited longest for an agent asks for it first again.
async function listInOrder(store: EventStore): Promise<SessionId[]> {
  const views = await Promise.all((await store.listUnsettled()).map((sessionId) => store.readView(sessionId)));
  const there = views.flatMap((view) => (view === undefined ? [] : [view]));
  return there.toSorted((left, right) => (left.updatedAt < right.updatedAt ? -1 : 1)).map(({ id }) => id);
}

async function cleanUp(backend: Backend): Promise<void> {
  await backend.cleanUp?.();
}
