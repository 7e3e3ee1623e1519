import type { SessionView } from '@baton/protocol';
import { toPlaceWords } from '../sessions/standing.ts';
import { STATE_WORDS } from '../ui/state-dot.tsx';

/** Why a task that has begun does not go on: its agent waits for a place, or for its user. Undefined when it works. */
export function toHeldWords({ state, waiting }: Pick<SessionView, 'state' | 'waiting'>): string | undefined {
  if (waiting !== undefined) return `Waits for a place, ${toPlaceWords(waiting.position)}`;
  return state === 'waiting' ? STATE_WORDS.waiting : undefined;
}
