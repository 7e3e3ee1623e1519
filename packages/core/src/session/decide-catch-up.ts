import { accept, type Decision, refuse, type SessionCatchUpCommand } from './decision.ts';
import type { OpenSession } from './state.ts';

/**
 * Takes over what was said in the session's conversation elsewhere. Only where nothing of its own can be under way, and only
 * what was chosen for the session as it is: otherwise it would stand in the wrong place, or twice.
 */
export function decideCatchUp(state: OpenSession, { nativeId, seq, past }: SessionCatchUpCommand): Decision {
  const what = `Cannot take over what was said in session "${state.id}" elsewhere`;
  if (state.agent.phase !== 'down') return refuse('conflict', `${what}: its agent runs`);
  if (state.nativeId !== nativeId) return refuse('conflict', `${what}: it is in another conversation`);
  if (state.seq !== seq) return refuse('conflict', `${what}: it has changed meanwhile`);
  return past.length === 0 ? accept() : accept({ type: 'session.continued', events: past.length }, ...past);
}
