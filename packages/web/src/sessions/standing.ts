import type { SessionView } from '@baton/protocol';
import { toOrdinal } from './ordinal.ts';

/** A place in the queue of those that wait to start, for the end of a sentence. */
export function toPlaceWords(position: number): string {
  return position === 1 ? 'next in the queue' : `${toOrdinal(position)} in the queue`;
}

/** How long an agent has said nothing, in whole minutes. */
export function toQuietMinutes(quietSince: string, now: number): number {
  return Math.max(1, Math.floor((now - Date.parse(quietSince)) / 60_000));
}

/** What a session waits for beside its user, in a few words; undefined when its state says it all. */
export function toStanding(
  { waiting, quietSince }: Pick<SessionView, 'waiting' | 'quietSince'>,
  now: number,
): string | undefined {
  if (waiting !== undefined) return toPlaceWords(waiting.position);
  return quietSince === undefined ? undefined : `quiet for ${toQuietMinutes(quietSince, now)} min`;
}
