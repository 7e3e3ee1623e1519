import type { SessionId, SessionView, TurnId } from '@baton/protocol';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import { toSessionView } from '../projection/session-view.ts';
import { createActors } from './actors.ts';
import { createBackendCatalogue } from './backend-catalogue.ts';
import { createCommandDesk } from './command-desk.ts';
import { deleteSession } from './delete-session.ts';
import { importSession } from './import-session.ts';
import { createListeners } from './listeners.ts';
import type { Engine } from './engine.ts';
import { recoverSessions } from './recover-sessions.ts';
import { subscribeSession } from './subscribe-session.ts';
import { createTopics } from './topics.ts';

const INTERRUPT_TIMEOUT_MS = 10_000;

/** A turn whose prompt has not gone out yet. */
export interface BegunTurn {
  sessionId: SessionId;
  /** The session's folder. */
  cwd: string;
  turnId: TurnId;
}

export interface EngineOptions {
  store: EventStore;
  /** The agents there are now; asked again each time. */
  backends(): readonly Backend[];
  clock: Clock;
  /** The real path of a folder that a session may work in; throws an `AppError` when it may not. */
  resolveFolder(path: string): Promise<string>;
  /** What went wrong behind the scenes, for the log. */
  onFault?(error: unknown): void;
  /**
   * Awaited before the prompt of a turn goes to the agent, for two seconds at most: for what has to see the session's folder
   * as it was before. What it rejects with is a fault; the prompt goes out all the same.
   */
  beforeTurn?: ((turn: BegunTurn) => Promise<void>) | undefined;
  /** How long an interrupted turn may go on before its agent is ended. Default 10 s. */
  interruptTimeoutMs?: number;
}

/** Runs sessions over a store and backends; see `Engine` for what it promises. */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, backends, resolveFolder } = options;
  const onFault = options.onFault ?? (() => {});
  const listeners = createListeners(onFault);
  const topics = createTopics({ store, clock, onFault });
  const catalogue = createBackendCatalogue(backends, clock);
  const actors = createActors({
    store,
    clock,
    backend: (id) => backends().find((backend) => backend.id === id),
    resolveFolder,
    onChange(view, recorded) {
      topics.changed(view, recorded);
      listeners.recorded(view, recorded);
    },
    onFault,
    interruptTimeoutMs: options.interruptTimeoutMs ?? INTERRUPT_TIMEOUT_MS,
    ...(options.beforeTurn === undefined ? {} : { beforeTurn: options.beforeTurn }),
  });
  const desk = createCommandDesk({ store, actors, catalogue, clock, resolveFolder, onFault });
  // The whole view comes from the fold: what the store keeps is the short form for lists.
  async function readView(sessionId: SessionId): Promise<SessionView | undefined> {
    if ((await store.readView(sessionId)) === undefined) return undefined;
    return actors.use(sessionId, ({ state }) => (state.status === 'open' ? toSessionView(state) : undefined));
  }

  return {
    execute: desk.execute,
    readView,
    readShortView: (sessionId) => store.readView(sessionId),
    listSessions: (query) => store.listSessions(query),
    listApprovals: (query) => store.listApprovals(query),
    listQuestions: (query) => store.listQuestions(query),
    async readEvents(sessionId, page) {
      const events = await store.readEvents(sessionId, page);
      return { events, seq: await store.readLastSeq(sessionId) };
    },
    listBackends: (request) => catalogue.list(request?.refresh ?? false),
    subscribe: (request) => subscribeSession(actors, request),
    watch: ({ topic, sink }) => topics.watch(topic, sink),
    onRecorded: listeners.onRecorded,
    onDeleted: listeners.onDeleted,
    note: (sessionId, event) =>
      actors.use(sessionId, (actor) => actor.execute({ command: { type: 'session.note', event }, by: 'baton' })),
    importSession: (session, request) => importSession(session, request, { actors, now: () => clock.now() }),
    async deleteSession(sessionId) {
      const receipt = await deleteSession({ store, actors, topics }, sessionId);
      if (receipt.ok) listeners.deleted(sessionId);
      return receipt;
    },
    recover: () => recoverSessions({ store, actors, backends: backends(), onFault }),
    async stop() {
      await desk.close();
      await actors.stopAll();
      await Promise.all(backends().map((backend) => closeBackend(backend).catch(onFault)));
    },
    stats: () => actors.stats(),
  };
}

async function closeBackend(backend: Backend): Promise<void> {
  await backend.close?.();
}
