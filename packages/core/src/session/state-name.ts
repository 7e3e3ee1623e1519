import type { SessionStateName } from '@baton/protocol';
import type { OpenSession } from './state.ts';

/** The one word a list shows for a session. */
export function toStateName(state: OpenSession): SessionStateName {
  if (state.turn !== undefined) {
    if (state.approvals.length > 0 || state.questions.length > 0) return 'waiting';
    return state.agent.phase === 'starting' ? 'starting' : 'running';
  }
  switch (state.agent.phase) {
    case 'up':
      return 'idle';
    case 'starting':
      return 'starting';
    case 'stopping':
      // Its processes are being ended; it is stopped when none is left, and not before.
      return state.agent.wanted ? 'starting' : 'running';
    case 'down':
      return state.agent.asked || state.agent.restarted ? 'stopped' : 'failed';
  }
}
