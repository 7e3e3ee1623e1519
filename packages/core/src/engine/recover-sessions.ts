import { AppError, type ErrorKind, isAppError, type SessionId } from '@baton/protocol';
import type { AgentHost } from '../ports/agent-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { Actors } from './actors.ts';
import type { SessionActor } from './session-actor.ts';

export interface RecoveryParts {
  store: EventStore;
  actors: Actors;
  host: AgentHost;
  clock: Clock;
  onFault(error: unknown): void;
}

const RETRY_MS = 1000;
/** Trying again would change nothing: the session or the engine is going. */
const FINAL: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['not-found', 'shutting-down']);

/**
 * Takes up the agents that outlived an earlier server, and ends what else it left open in the log: turns, items, approvals.
 * Queued turns go on. What cannot be written down now is tried again until it can, or somebody else did it.
 */
export async function recoverSessions(parts: RecoveryParts): Promise<void> {
  const { store, host, onFault } = parts;
  await host.open();
  for (const sessionId of await listInOrder(store)) {
    try {
      await parts.actors.use(sessionId, recover);
    } catch (error) {
      onFault(error);
      await tryAgain(sessionId, parts, error);
    }
  }
  await host.settle();
}

async function recover(actor: SessionActor): Promise<void> {
  const receipt = await actor.recover();
  if (!receipt.ok) throw new AppError(receipt.error.kind, receipt.error.detail);
}

// As long as nothing comes after what was left: then somebody has gone on with it, or wants it otherwise.
async function tryAgain(sessionId: SessionId, parts: RecoveryParts, error: unknown): Promise<void> {
  if (isAppError(error) && FINAL.has(error.kind)) return;
  const { store, clock, actors } = parts;
  const left = await store.readView(sessionId).catch(() => undefined);
  clock.after(RETRY_MS, () => {
    actors
      .use(sessionId, (actor) => (left === undefined || toSeq(actor) === left.seq ? recover(actor) : undefined))
      .catch((cause: unknown) => tryAgain(sessionId, parts, cause));
  });
}

function toSeq({ state }: SessionActor): number {
  return state.status === 'none' ? 0 : state.seq;
}

// Whoever waited longest for an agent asks for it first again.
async function listInOrder(store: EventStore): Promise<SessionId[]> {
  const views = await Promise.all((await store.listUnsettled()).map((sessionId) => store.readView(sessionId)));
  const there = views.flatMap((view) => (view === undefined ? [] : [view]));
  return there.toSorted((left, right) => (left.updatedAt < right.updatedAt ? -1 : 1)).map(({ id }) => id);
}
