import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { FolderPath } from '../sessions/folder-path.tsx';
import { toLane } from '../sessions/lanes.ts';
import { toPlainPreview } from '../sessions/plain-preview.ts';
import { SessionStanding } from '../sessions/session-standing.tsx';
import { cx } from '../ui/cx.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { toShownState } from '../sessions/shown-state.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { CardAsk } from './card-ask.tsx';
import { CardFigures } from './card-figures.tsx';
import { CardMenu } from './card-menu.tsx';

/** One session at a glance. The whole card opens it; its height does not depend on what the agent says. */
export const SessionCard = memo(function SessionCard({ session }: { session: SessionView }) {
  const needsYou = toLane(session) === 'needs-you';
  return (
    <li
      className={cx(
        'group/card relative flex min-h-40 flex-col rounded-lg border bg-surface p-3 transition-colors duration-100',
        'has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-offset-1 has-[a:focus-visible]:outline-accent',
        needsYou ? 'border-waiting-line hover:border-waiting/60' : 'border-line hover:border-line-strong',
      )}
    >
      <div className="flex items-start gap-2.5">
        <AgentBadge backend={session.backend} size="lg" />
        <div className="min-w-0 flex-1">
          <h3 className="truncate text-base leading-5 font-medium">
            <Link
              to="/sessions/$sessionId"
              params={{ sessionId: session.id }}
              className="outline-none after:absolute after:inset-0 after:rounded-lg"
            >
              {session.title}
            </Link>
          </h3>
          <div className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs leading-4 text-ink-3">
            <StateDot state={toShownState(session)} word="word" />
            <SessionStanding session={session} />
            <FolderPath path={session.cwd} className="min-w-[min(100%,4rem)] flex-1" />
            <RelativeTime at={session.updatedAt} className="tabular whitespace-nowrap" />
          </div>
        </div>
      </div>
      <div className="mt-2.5 flex-1">
        <CardBody session={session} />
      </div>
      <div className="mt-2 -mb-1 flex h-6 items-center gap-3 text-xs text-ink-3">
        <CardFigures session={session} />
        <CardMenu session={session} />
      </div>
    </li>
  );
});

function CardBody({ session }: { session: SessionView }) {
  const ask = session.pending.approvals[0] ?? session.pending.questions[0];
  if (ask !== undefined) {
    const more = session.pending.approvals.length + session.pending.questions.length - 1;
    return <CardAsk ask={ask} more={more} />;
  }
  if (session.failure !== undefined) {
    return <p className="line-clamp-3 text-sm leading-normal text-failed">{session.failure.message}</p>;
  }
  return (
    <p className="line-clamp-3 text-sm leading-normal text-ink-2">
      {session.preview !== undefined ? (
        toPlainPreview(session.preview)
      ) : (
        <span className="text-ink-3">{session.turn === undefined ? 'Nothing said yet.' : 'At work.'}</span>
      )}
    </p>
  );
}
