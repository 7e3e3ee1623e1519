import type { SessionState } from '../session/state.ts';

/** An agent that nobody has asked to end. */
export function isAtWork(state: SessionState): boolean {
  return state.status === 'open' && (state.agent.phase === 'up' || state.agent.phase === 'starting');
}
