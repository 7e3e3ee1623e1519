import type { SessionEvent } from '@baton/protocol';
import type { Effect } from '../ports/agent-host.ts';
import type { OpenSession } from '../session/state.ts';

/** Pure: the effect of one event, given the states around it; undefined when the event asks nothing of the agent. */
export function react(before: OpenSession, event: SessionEvent, after: OpenSession): Effect | undefined {
  switch (event.type) {
    case 'session.start-requested':
      return after.agent.phase === 'starting' ? { type: 'start' } : undefined;
    case 'session.stop-requested':
      return { type: 'stop', ...(event.reason === 'unused' ? { isRest: true } : {}) };
    case 'agent.exited':
      return { type: 'release' };
    case 'turn.started':
      // What happened elsewhere asks nothing of an agent that is not there.
      return event.by === 'agent' || after.agent.phase === 'down' ? undefined : { type: 'prompt', event };
    case 'turn.steered':
      return { type: 'steer', event };
    case 'turn.ended':
      return { type: 'turn-over' };
    case 'turn.interrupt-requested':
      return { type: 'interrupt', event };
    case 'approval.answered':
      return { type: 'answer-approval', event };
    case 'question.answered':
      return { type: 'answer-question', event };
    case 'session.configured': {
      const reaches = before.agent.phase === 'up' || before.agent.phase === 'starting';
      const asks = event.model !== undefined || event.mode !== undefined || event.effort !== undefined;
      const matters = event.by !== 'agent' && asks;
      const { model, mode, effort } = before;
      return reaches && matters ? { type: 'configure', event, before: { model, mode, effort } } : undefined;
    }
    default:
      return undefined;
  }
}
