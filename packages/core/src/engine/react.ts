import type { EventOf, SessionEvent } from '@baton/protocol';
import type { OpenSession } from '../session/state.ts';

/** What the agent is to be asked, because of an event that is already in the log. */
export type Effect =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'release' }
  | { type: 'prompt'; event: EventOf<'turn.started'> }
  | { type: 'steer'; event: EventOf<'turn.steered'> }
  | { type: 'interrupt'; event: EventOf<'turn.interrupt-requested'> }
  | { type: 'answer-approval'; event: EventOf<'approval.answered'> }
  | { type: 'answer-question'; event: EventOf<'question.answered'> }
  | { type: 'turn-over' }
  | { type: 'configure'; event: EventOf<'session.configured'>; before: OpenSession };

/** Pure: the effect of one event, given the states around it; undefined when the event asks nothing of the agent. */
export function react(before: OpenSession, event: SessionEvent, after: OpenSession): Effect | undefined {
  switch (event.type) {
    case 'session.start-requested':
      return after.agent.phase === 'starting' ? { type: 'start' } : undefined;
    case 'session.stop-requested':
      return { type: 'stop' };
    case 'agent.exited':
      return { type: 'release' };
    case 'turn.started':
      return event.by === 'agent' ? undefined : { type: 'prompt', event };
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
      return reaches && matters ? { type: 'configure', event, before } : undefined;
    }
    default:
      return undefined;
  }
}
