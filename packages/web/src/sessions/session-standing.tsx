import type { SessionView } from '@baton/protocol';
import { useNow } from '../ui/relative-time.tsx';
import { toStanding } from './standing.ts';

/** That a session waits for a place, or that its agent has gone quiet; nothing for all others. */
export function SessionStanding({ session }: { session: SessionView }) {
  const standing = toStanding(session, useNow());
  if (standing === undefined) return null;
  const title = session.waiting === undefined ? 'The agent says nothing. Interrupt it, or wait' : WAITS;
  return (
    <span className="shrink-0 whitespace-nowrap text-waiting" title={title}>
      {standing}
    </span>
  );
}

const WAITS = 'As many agents run as this server allows. It starts as soon as one of them is done';
