import type { SessionView } from '@baton/protocol';

/** A text that changes when the queue may have: when a session comes to have an agent, loses it, or moves. */
export function toQueueSignature(sessions: readonly Pick<SessionView, 'id' | 'state' | 'waiting'>[]): string {
  return sessions
    .flatMap(({ id, state, waiting }) => {
      if (waiting !== undefined) return [`${id}:${waiting.position}`];
      return state === 'stopped' || state === 'failed' ? [] : [id];
    })
    .sort()
    .join(' ');
}
