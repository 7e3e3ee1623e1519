import type { EventOf, SessionEvent } from '@baton/protocol';
import type { DecisionContext } from './decision.ts';
import type { OpenSession } from './state.ts';

/** Ends the agent. One that waits for its place has no process: it leaves the queue at once, and its prompts are held (R3). */
export function stopAgent(
  { agent }: OpenSession,
  { by, waits }: DecisionContext,
  reason?: EventOf<'session.stop-requested'>['reason'],
): SessionEvent[] {
  const stop: SessionEvent = { type: 'session.stop-requested', ...(reason === undefined ? {} : { reason }), by };
  if (!waits || agent.phase !== 'starting') return [stop];
  return [stop, { type: 'agent.exited', expected: true, code: null, signal: null }];
}
