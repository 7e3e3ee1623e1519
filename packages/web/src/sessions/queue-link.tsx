import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { cx } from '../ui/cx.ts';
import { countQueued } from './lanes.ts';

/** How many of these sessions wait for a place, and the way to the queue; nothing while none does. */
export function QueueLink({ sessions, className }: { sessions: readonly SessionView[]; className?: string }) {
  const count = countQueued(sessions);
  if (count === 0) return null;
  return (
    <Link to="/queue" className={cx('touch tabular shrink-0 whitespace-nowrap hover:underline', className)}>
      {count === 1 ? '1 waits' : `${count} wait`}
      <span className="sr-only"> for a place: show the queue</span>
    </Link>
  );
}
