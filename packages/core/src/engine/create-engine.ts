import type { SessionId, SessionView, TurnId } from '@baton/protocol';
import type { AgentHost } from '../ports/agent-host.ts';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import { toSessionView } from '../projection/session-view.ts';
import type { AgentLimits } from './admission-policy.ts';
import { assembleEngine, type EngineParts } from './assemble-engine.ts';
import { deleteSession } from './delete-session.ts';
import { importSession } from './import-session.ts';
import type { Engine } from './engine.ts';
import { listAgents } from './list-agents.ts';
import { recoverSessions } from './recover-sessions.ts';
import { subscribeSession } from './subscribe-session.ts';

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
  /** Where agents run. Default: in this process. */
  host?: AgentHost | undefined;
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
  /** How long an interrupted turn may go on before its agent is ended, where agents run in this process. Default 10 s. */
  interruptTimeoutMs?: number;
  /** How many agents run at once; more wait for a place. Default: as many as are asked for. */
  agentLimits?: AgentLimits | undefined;
  /** How long an agent may have nothing to do and nobody to watch before it is put to sleep. Default 0: for ever. */
  sleepAfterMs?: number | undefined;
  /** From 0 to 1; spreads the restarts of agents that failed together. Default: chance. */
  chance?: (() => number) | undefined;
}

/** Runs sessions over a store and backends; see `Engine` for what it promises. */
export function createEngine(options: EngineOptions): Engine {
  const parts = assembleEngine(options);
  return { ...createReading(parts), ...createWork(parts), ...createLife(parts) };
}

type Reading = Pick<
  Engine,
  | 'readView'
  | 'readShortView'
  | 'listSessions'
  | 'listApprovals'
  | 'listQuestions'
  | 'readEvents'
  | 'listBackends'
  | 'listQueue'
>;

function createReading({ store, actors, catalogue, breakers, admission, decorate }: EngineParts): Reading {
  // The whole view comes from the fold: what the store keeps is the short form for lists.
  async function readView(sessionId: SessionId): Promise<SessionView | undefined> {
    if ((await store.readView(sessionId)) === undefined) return undefined;
    return actors.use(sessionId, ({ state }) => (state.status === 'open' ? decorate(toSessionView(state)) : undefined));
  }

  return {
    readView,
    async readShortView(sessionId) {
      const view = await store.readView(sessionId);
      return view && decorate(view);
    },
    async listSessions(query) {
      const page = await store.listSessions(query);
      return { ...page, items: page.items.map(decorate) };
    },
    listApprovals: (query) => store.listApprovals(query),
    listQuestions: (query) => store.listQuestions(query),
    async readEvents(sessionId, page) {
      const events = await store.readEvents(sessionId, page);
      return { events, seq: await store.readLastSeq(sessionId) };
    },
    async listBackends(request) {
      const views = await catalogue.list(request?.refresh ?? false);
      return views.map((view) => breakers.withBreaker(view));
    },
    listQueue: () => admission.list(),
  };
}

type Work = Pick<Engine, 'execute' | 'note' | 'importSession' | 'deleteSession' | 'moveInQueue'>;

function createWork({ store, actors, desk, topics, listeners, clock, admission }: EngineParts): Work {
  return {
    execute: desk.execute,
    note: (sessionId, event) =>
      actors.use(sessionId, (actor) => actor.execute({ command: { type: 'session.note', event }, by: 'baton' })),
    importSession: (session, request) => importSession(session, request, { actors, now: () => clock.now() }),
    async deleteSession(sessionId) {
      const receipt = await deleteSession({ store, actors, topics }, sessionId);
      if (receipt.ok) listeners.deleted(sessionId);
      return receipt;
    },
    moveInQueue: (sessionId, to) => admission.move(sessionId, to),
  };
}

type Life = Pick<
  Engine,
  | 'subscribe'
  | 'watch'
  | 'onRecorded'
  | 'onDeleted'
  | 'onTold'
  | 'listAgents'
  | 'failAgent'
  | 'recover'
  | 'stop'
  | 'stats'
>;

function createLife({ store, actors, desk, topics, listeners, admission, host, onFault }: EngineParts): Life {
  return {
    subscribe: (request) => subscribeSession(actors, request),
    watch: ({ topic, sink }) => topics.watch(topic, sink),
    onRecorded: listeners.onRecorded,
    onDeleted: listeners.onDeleted,
    onTold: listeners.onTold,
    listAgents: () => listAgents(actors.withAgents()),
    failAgent: (sessionId, failure) => actors.peek(sessionId)?.failAgent(failure) ?? false,
    recover: () => recoverSessions({ store, actors, host, onFault }),
    async stop({ agents = 'end' } = {}) {
      await desk.close();
      // What stops makes room for nobody.
      admission.close();
      await actors.stopAll(agents);
      await host.close(agents);
    },
    stats: () => actors.stats(),
  };
}
