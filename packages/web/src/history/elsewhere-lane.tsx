import type { FoundSession } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { QueryProvider } from '../live/query-provider.tsx';
import { AgentBadge, useAgentTitle } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { useHold } from '../sessions/use-hold.ts';
import { cx } from '../ui/cx.ts';
import { createStoredValue } from '../ui/stored-value.ts';
import { laneRows } from './lane-rows.ts';
import { LiveSign } from './live-sign.tsx';
import { ProgressLine } from './progress-line.tsx';
import { useHistoryStatus, useNewestFound } from './use-history.ts';
import { useSteadyList } from '../sessions/use-steady-list.ts';

const FEW = 5;
const openLane = createStoredValue('lane.elsewhere');

/** The newest conversations that began outside Baton, for the rail. */
export function ElsewhereLane() {
  return (
    <QueryProvider>
      <Lane />
    </QueryProvider>
  );
}

function Lane() {
  const status = useHistoryStatus();
  const newest = useNewestFound(FEW);
  const { held, handlers } = useHold();
  const { items } = useSteadyList(newest.data ?? [], held);
  const [open, setOpen] = useState(() => openLane.get() !== 'closed');
  const rows = open ? items.length : 0;
  const isKnown = newest.data !== undefined;
  useEffect(() => {
    if (isKnown) laneRows.set(String(items.length === 0 ? 0 : rows + 1));
  }, [isKnown, items.length, rows]);
  if (!isKnown) return <div style={{ height: laneRows.height() }} />;
  const toggle = () => {
    setOpen(!open);
    openLane.set(open ? 'closed' : 'open');
  };
  if (items.length === 0) return <ProgressLine status={status} className="mt-2 px-2" />;
  return (
    <section className="mt-2" aria-label="Elsewhere" {...handlers}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex h-7 w-full items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-3 hover:text-ink-2"
        >
          <span>Elsewhere</span>
          <span className="tabular font-normal">{(status?.found ?? items.length).toLocaleString('en')}</span>
          <ChevronRight
            size={12}
            strokeWidth={2}
            aria-hidden="true"
            className={cx('ml-auto transition-transform duration-100', open && 'rotate-90')}
          />
        </button>
      </h2>
      {open && (
        <>
          <ul>
            {items.map((session) => (
              <LaneRow key={session.id} session={session} />
            ))}
          </ul>
          <Link
            to="/history"
            activeOptions={{ exact: true }}
            className="flex h-7 w-full items-center rounded-md px-2 text-xs text-ink-3 hover:bg-hover hover:text-ink-2 aria-[current]:bg-pressed aria-[current]:text-ink"
          >
            Show all<span className="sr-only"> conversations from elsewhere</span>
          </Link>
          <ProgressLine status={status} className="px-2" />
        </>
      )}
    </section>
  );
}

function LaneRow({ session }: { session: FoundSession }) {
  const { id, backend, title, cwd, live } = session;
  const agent = useAgentTitle(backend);
  return (
    <li>
      <Link
        to="/history/$foundId"
        params={{ foundId: id }}
        title={`${title}\n${agent} in ${cwd}`}
        className="group flex h-(--row) items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-pressed aria-[current]:font-medium aria-[current]:text-ink"
      >
        <AgentBadge backend={backend} size="sm" />
        <span className="sr-only">{agent}: </span>
        <span className="min-w-0 flex-1 truncate">{title}</span>
        <span className="hidden max-w-20 truncate text-xs text-ink-2 group-hover:block">{toFolderName(cwd)}</span>
        {live && <LiveSign />}
      </Link>
    </li>
  );
}
