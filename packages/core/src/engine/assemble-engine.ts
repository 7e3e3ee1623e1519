import type { SessionEventType, SessionId, SessionView } from '@baton/protocol';
import type { AgentHost } from '../ports/agent-host.ts';
import { toListedView, toSessionView } from '../projection/session-view.ts';
import { type Actors, createActors } from './actors.ts';
import { type Admission, createAdmission } from './admission.ts';
import { noLimits } from './admission-policy.ts';
import { type BackendBreakers, createBackendBreakers } from './backend-breakers.ts';
import { type BackendCatalogue, createBackendCatalogue } from './backend-catalogue.ts';
import { type CommandDesk, createCommandDesk } from './command-desk.ts';
import type { EngineOptions } from './engine-options.ts';
import { createLocalHost } from './create-local-host.ts';
import { createKnownOffers, type KnownOffers } from './known-offers.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { createTopics, type Topics } from './topics.ts';

const MAY_BE_IDLE: ReadonlySet<SessionEventType> = new Set<SessionEventType>(['turn.ended', 'agent.started']);

/** What an engine is made of. */
export interface EngineParts extends Pick<EngineOptions, 'store' | 'clock'> {
  host: AgentHost;
  actors: Actors;
  admission: Admission;
  breakers: BackendBreakers;
  catalogue: BackendCatalogue;
  desk: CommandDesk;
  listeners: Listeners;
  offers: KnownOffers;
  topics: Topics;
  /** Adds what is shown of a session beside its log: its place in the queue, and whether its agent has gone quiet. */
  decorate(view: SessionView): SessionView;
  onFault(error: unknown): void;
}

export function assembleEngine(options: EngineOptions): EngineParts {
  const { store, clock, backends, resolveFolder } = options;
  const onFault = options.onFault ?? (() => {});
  const host = options.host ?? createLocalHost(options);
  const listeners = createListeners(onFault);
  const breakers = createBackendBreakers(clock);
  const catalogue = createBackendCatalogue(backends, clock);
  const offers = createKnownOffers(store, onFault);
  const decorate = (view: SessionView) => withLiveFacts(view, { actors, admission });
  const topics = createTopics({ store, clock, decorate, onFault });
  const onShown = (sessionId: SessionId) => showAgain(sessionId, { actors, topics });
  const admission = createAdmission({
    clock,
    breakers,
    limits: options.agentLimits ?? noLimits,
    findIdle: () => findIdle(actors),
    rest: (sessionId) => rest(sessionId),
    onMoved: (sessionIds) => sessionIds.forEach(onShown),
  });
  const rest = (sessionId: SessionId) =>
    actors
      .use(sessionId, (actor) => actor.sleep('room'))
      .catch((error: unknown) => {
        onFault(error);
        return false;
      });
  const actors = createActors({
    ...{ store, clock, host, resolveFolder, admission, breakers, onShown, onFault },
    onTold(backend, told) {
      if (told.said !== undefined) catalogue.learn(backend, told.said);
      listeners.told(backend, told);
    },
    onChange(view, recorded) {
      offers.note(view.backend, recorded);
      topics.changed(view, recorded);
      listeners.recorded(view, recorded);
      // An agent that has nothing more to do may make room for another.
      if (recorded.some(({ event }) => MAY_BE_IDLE.has(event.type))) admission.review();
    },
    chance: options.chance ?? Math.random,
    sleepAfterMs: options.sleepAfterMs ?? 0,
    ...(options.beforeTurn === undefined ? {} : { beforeTurn: options.beforeTurn }),
  });
  const desk = createCommandDesk({ store, actors, catalogue, breakers, clock, resolveFolder, onFault });
  return {
    ...{ store, host, clock, actors, admission, breakers, catalogue },
    ...{ desk, listeners, offers, topics, decorate, onFault },
  };
}

function withLiveFacts(
  view: SessionView,
  { actors, admission }: { actors: Actors; admission: Admission },
): SessionView {
  const position = admission.positionOf(view.id);
  const quietSince = actors.peek(view.id)?.pulse.quietSince;
  if (position === undefined && quietSince === undefined) return view;
  return {
    ...view,
    ...(position === undefined ? {} : { waiting: { position } }),
    ...(quietSince === undefined ? {} : { quietSince: new Date(quietSince).toISOString() }),
  };
}

function showAgain(sessionId: SessionId, { actors, topics }: { actors: Actors; topics: Topics }): void {
  const state = actors.peek(sessionId)?.state;
  if (state?.status === 'open') topics.changed(toListedView(toSessionView(state)), []);
}

function findIdle(actors: Actors) {
  return actors.withAgents().flatMap(({ state, activity: { isIdle, changedAt, askedAt } }) => {
    if (state.status === 'none' || !isIdle) return [];
    return [{ sessionId: state.id, since: Math.max(changedAt, askedAt) }];
  });
}
