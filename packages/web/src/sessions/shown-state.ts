import type { SessionView } from '@baton/protocol';
import type { ShownState } from '../ui/state-dot.tsx';

/** What is shown of a session: its state, and beside those of the log that it waits for a place, or was put to sleep. */
export function toShownState({
  state,
  waiting,
  stopReason,
}: Pick<SessionView, 'state' | 'waiting' | 'stopReason'>): ShownState {
  if (waiting !== undefined) return 'queued';
  if (state === 'stopped' && (stopReason === 'unused' || stopReason === 'room')) return 'asleep';
  return state;
}
