import type { SessionId, SessionView } from '@baton/protocol';
import { toSessionView } from '../projection/session-view.ts';
import { assembleEngine, type EngineParts } from './assemble-engine.ts';
import { catchUp } from './catch-up.ts';
import { deleteSession } from './delete-session.ts';
import type { EngineOptions } from './engine-options.ts';
import { importSession } from './import-session.ts';
import type { Engine } from './engine.ts';
import { listAgents } from './list-agents.ts';
import { recoverSessions } from './recover-sessions.ts';
import { subscribeSession } from './subscribe-session.ts';

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

function createReading({ store, actors, catalogue, offers, breakers, admission, decorate }: EngineParts): Reading {
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
      const views = await offers.complete(await catalogue.list(request?.refresh ?? false));
      return views.map((view) => breakers.withBreaker(view));
    },
    listQueue: () => admission.list(),
  };
}

type Work = Pick<Engine, 'execute' | 'note' | 'importSession' | 'letGo' | 'catchUp' | 'deleteSession' | 'moveInQueue'>;

function createWork({ store, actors, desk, topics, listeners, clock, admission }: EngineParts): Work {
  return {
    execute: desk.execute,
    note: (sessionId, event) =>
      actors.use(sessionId, (actor) => actor.execute({ command: { type: 'session.note', event }, by: 'baton' })),
    importSession: (session, request) => importSession(session, request, { actors, now: () => clock.now() }),
    letGo: (sessionId) => actors.use(sessionId, (actor) => actor.sleep('elsewhere')),
    catchUp: (sessionId, missed) => catchUp(sessionId, missed, { actors, now: () => clock.now() }),
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

function createLife({ clock, store, actors, desk, topics, listeners, admission, host, onFault }: EngineParts): Life {
  return {
    subscribe: (request) => subscribeSession(actors, request),
    watch: ({ topic, sink }) => topics.watch(topic, sink),
    onRecorded: listeners.onRecorded,
    onDeleted: listeners.onDeleted,
    onTold: listeners.onTold,
    listAgents: () => listAgents(actors.withAgents()),
    failAgent: (sessionId, failure) => actors.peek(sessionId)?.failAgent(failure) ?? false,
    recover: () => recoverSessions({ store, actors, host, clock, onFault }),
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
