import type { AgentQueue, SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { ArrowDownToLine, ArrowUpToLine, X } from 'lucide-react';
import { useState } from 'react';
import { AgentBadge, useAgentTitle } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { Badge } from '../ui/badge.tsx';
import { Countdown } from '../sessions/countdown.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { announce } from '../ui/live-region.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { toWaitWords } from './queue-words.ts';

const ICON = { size: 16, strokeWidth: 1.75 };

type Waiting = AgentQueue['items'][number];

export interface WaitingRowProps {
  item: Waiting;
  queue: AgentQueue;
  /** Absent until the list of sessions has it. */
  session: SessionView | undefined;
  onMove(to: 'first' | 'last'): Promise<void>;
  onLeave(session: Pick<SessionView, 'id' | 'title'>): Promise<void>;
}

/** One that waits: its place, what it is, why it waits and since when, and what can be done. */
export function WaitingRow({ item, queue, session, onMove, onLeave }: WaitingRowProps) {
  const [busy, setBusy] = useState(false);
  const title = session?.title ?? 'Session';
  const during = async (act: () => Promise<void>) => {
    setBusy(true);
    await act();
    setBusy(false);
  };
  const move = (to: 'first' | 'last') =>
    during(async () => {
      await onMove(to);
      announce(to === 'first' ? `${title} goes first` : `${title} goes last`);
    });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 pr-2 pl-3">
      <span className="tabular w-6 shrink-0 text-center text-md font-semibold text-ink-2">
        <span className="sr-only">Place </span>
        {item.position}
      </span>
      {session !== undefined && <AgentBadge backend={session.backend} />}
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex items-center gap-2">
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: item.sessionId }}
            className="touch min-w-0 truncate font-medium hover:underline"
          >
            {title}
          </Link>
          {item.background && <Badge>Task</Badge>}
        </p>
        <Facts item={item} queue={queue} session={session} />
      </div>
      <div className="ml-auto flex shrink-0 items-center gap-1 coarse:gap-3">
        {queue.items.length > 1 && (
          <>
            <IconButton
              label={`Let “${title}” go first`}
              icon={<ArrowUpToLine {...ICON} />}
              disabled={busy || item.position === 1}
              onClick={() => void move('first')}
            />
            <IconButton
              label={`Let “${title}” go last`}
              icon={<ArrowDownToLine {...ICON} />}
              disabled={busy || item.position === queue.items.length}
              onClick={() => void move('last')}
            />
          </>
        )}
        <IconButton
          label={`Take “${title}” out of the queue`}
          icon={<X {...ICON} />}
          disabled={busy}
          onClick={() => void during(() => onLeave({ id: item.sessionId, title }))}
        />
      </div>
    </li>
  );
}

function Facts({ item, queue, session }: Pick<WaitingRowProps, 'item' | 'queue' | 'session'>) {
  const agent = useAgentTitle(session?.backend);
  // With one user there is nobody to tell apart.
  const users = new Set([...queue.items, ...queue.running].map(({ by }) => by));
  return (
    <p className="text-sm text-ink-3">
      <span className="text-ink-2">{toWaitWords(item, { agent, limits: queue.limits })}</span>
      {item.notBefore !== undefined && (
        <span className="text-ink-2">
          {', '}
          <Countdown before="tried again " to={item.notBefore} over="tried again now" />
        </span>
      )}
      {' · came '}
      <RelativeTime at={item.since} className="tabular" />
      {session !== undefined && (
        <span title={session.cwd} className="hidden whitespace-nowrap wide:inline">
          {' · '}
          {toFolderName(session.cwd)}
        </span>
      )}
      {users.size > 1 && ` · ${item.by}`}
    </p>
  );
}
