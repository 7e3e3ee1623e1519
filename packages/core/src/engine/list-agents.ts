import type { LiveAgent } from './engine.ts';
import type { SessionActor } from './session-actor.ts';

/** Those of the sessions whose agent lives, and not those that wait for one. */
export function listAgents(actors: readonly SessionActor[]): LiveAgent[] {
  return actors.flatMap(({ state, live, activity }) => {
    if (!live || state.status === 'none') return [];
    const pid = state.agent.phase === 'up' ? state.agent.pid : undefined;
    const silentSince = Math.max(activity.heardAt, activity.askedAt);
    return [{ sessionId: state.id, backend: state.backend, ...(pid === undefined ? {} : { pid }), silentSince }];
  });
}
