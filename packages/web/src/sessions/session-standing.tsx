import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { cx } from '../ui/cx.ts';
import { useNow } from '../ui/relative-time.tsx';
import { toStanding } from './standing.ts';

/** That a session waits for a place, with the way to the queue, or that its agent has gone quiet; nothing for all others. */
export function SessionStanding({ session, className }: { session: SessionView; className?: string }) {
  const standing = toStanding(session, useNow());
  if (standing === undefined) return null;
  const look = cx('shrink-0 whitespace-nowrap', className);
  if (session.waiting === undefined) {
    return (
      <span
        className={cx(look, 'text-waiting')}
        title="Nothing came from the agent since then. Open the session to interrupt or restart it"
      >
        {standing}
      </span>
    );
  }
  return (
    <Link to="/queue" className={cx(look, 'touch z-1 hover:underline')} title="Show the queue">
      {standing}
    </Link>
  );
}
