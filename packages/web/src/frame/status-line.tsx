import { useInbox, useSessions } from '../live/baton-provider.tsx';
import { countQueued, countWaiting, toLayout } from '../sessions/lanes.ts';
import { QueueLink } from '../sessions/queue-link.tsx';
import { ConnectionSign } from './connection-sign.tsx';

/** The foot of the pages that show no session: the line and how many work and wait. */
export function StatusLine() {
  const { sessions, status } = useSessions();
  const inbox = useInbox();
  const layout = toLayout(sessions.filter((session) => !session.archived));
  const waiting = countWaiting(inbox);
  return (
    <div className="flex h-7 items-center gap-4 px-3 text-xs text-ink-3">
      <ConnectionSign />
      {status === 'loading' ? null : (
        <span className="tabular flex gap-4">
          <span className={waiting > 0 ? 'font-medium text-waiting' : ''}>
            {waiting > 0 ? `${waiting} waiting for you` : 'Nothing waits for you'}
          </span>
          <span>{layout.working.length - countQueued(sessions)} working</span>
          <QueueLink sessions={sessions} />
          <span>{layout.quiet.length} quiet</span>
        </span>
      )}
    </div>
  );
}
