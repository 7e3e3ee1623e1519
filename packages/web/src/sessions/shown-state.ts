import type { SessionView } from '@baton/protocol';
import type { ShownState } from '../ui/state-dot.tsx';

/**
 * What is shown of a session: its state, and beside those of the log that it waits for a place, or was put to sleep. One whose
 * last turn failed is shown as failed while its agent stands ready for the next.
 */
export function toShownState({
  state,
  waiting,
  stopReason,
  failure,
}: Pick<SessionView, 'state' | 'waiting' | 'stopReason' | 'failure'>): ShownState {
  if (waiting !== undefined) return 'queued';
  if (state === 'idle' && failure !== undefined) return 'failed';
  if (state === 'stopped' && stopReason !== undefined && stopReason !== 'unwatched') return 'asleep';
  return state;
}
