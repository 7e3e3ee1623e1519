import type { SessionView } from '@baton/protocol';

/** What a session waits for beside its user, in a few words; undefined when its state says it all. */
export function toStanding(
  { waiting, quietSince }: Pick<SessionView, 'waiting' | 'quietSince'>,
  now: number,
): string | undefined {
  if (waiting !== undefined) return waiting.position === 1 ? 'Next in the queue' : `${waiting.position}. in the queue`;
  if (quietSince === undefined) return undefined;
  const minutes = Math.max(1, Math.floor((now - Date.parse(quietSince)) / 60_000));
  return `Quiet for ${minutes} min`;
}
