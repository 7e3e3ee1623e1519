import { createId, type SessionId } from '@baton/protocol';
import type { DecisionContext } from '../session/decision.ts';
import type { AgentPlace } from './agent-place.ts';
import type { SessionLog } from './session-log.ts';

/** What a decision needs to know beside the session's state. */
export function toDecisionContext(
  sessionId: SessionId,
  by: string,
  { log, place }: { log: SessionLog; place: AgentPlace },
): DecisionContext {
  return {
    via: 'user',
    sessionId,
    now: log.now,
    by,
    freshTurnId: createId('turn'),
    mayStart: true,
    waits: place.waits,
    textSoFar: (itemId, field) => log.drafts.read(itemId, field),
  };
}
