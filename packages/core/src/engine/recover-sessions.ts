import { AppError, type SessionId } from '@baton/protocol';
import type { AgentHost } from '../ports/agent-host.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Actors } from './actors.ts';

/**
 * Takes up the agents that outlived an earlier server, and ends what else it left open in the log: turns, items, approvals.
 * Queued turns go on.
 */
export async function recoverSessions(options: {
  store: EventStore;
  actors: Actors;
  host: AgentHost;
  onFault(error: unknown): void;
}): Promise<void> {
  const { store, actors, host, onFault } = options;
  await host.open();
  for (const sessionId of await listInOrder(store)) {
    try {
      const receipt = await actors.use(sessionId, (actor) => actor.recover());
      if (!receipt.ok) throw new AppError(receipt.error.kind, receipt.error.detail);
    } catch (error) {
      onFault(error);
    }
  }
  await host.settle();
}

// Whoever waited longest for an agent asks for it first again.
async function listInOrder(store: EventStore): Promise<SessionId[]> {
  const views = await Promise.all((await store.listUnsettled()).map((sessionId) => store.readView(sessionId)));
  const there = views.flatMap((view) => (view === undefined ? [] : [view]));
  return there.toSorted((left, right) => (left.updatedAt < right.updatedAt ? -1 : 1)).map(({ id }) => id);
}
