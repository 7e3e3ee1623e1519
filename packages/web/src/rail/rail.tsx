import { Bot, Inbox, LayoutGrid, ListTodo, PanelLeftClose, Plus, Search, Settings } from 'lucide-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { Suspense, useMemo, type ReactNode } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useOpenOverlay } from '../frame/overlay.ts';
import { railOpen } from '../frame/panes.ts';
import { laneRows } from '../history/lane-rows.ts';
import { useInbox, useSessions } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { applyFilters, filterStore } from '../sessions/filters.ts';
import { countWaiting } from '../sessions/lanes.ts';
import { BrandMark } from '../ui/brand-mark.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { RailFacets } from './rail-facets.tsx';
import { RailLanes } from './rail-lanes.tsx';

const ElsewhereLane = lazyPart(async () => (await import('../history/elsewhere-lane.tsx')).ElsewhereLane);

/** The left column: where one can go, sessions by lane, filters by folder and agent. */
export function Rail() {
  const { sessions, status } = useSessions();
  const filters = useStore(filterStore);
  const shown = useMemo(() => applyFilters(sessions, filters), [sessions, filters]);
  return (
    <>
      <RailHead />
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {status === 'loading' ? (
          <SpinnerAfter what="Loading sessions" />
        ) : (
          <>
            <RailLanes sessions={shown} />
            <Suspense fallback={<div style={{ height: laneRows.height() }} />}>
              <ElsewhereLane />
            </Suspense>
            <RailFacets sessions={sessions} />
          </>
        )}
      </div>
    </>
  );
}

function RailHead() {
  const openOverlay = useOpenOverlay();
  const waiting = countWaiting(useInbox());
  return (
    <div className="flex flex-col gap-0.5 px-2 pt-2 pb-1">
      <div className="mb-1.5 flex h-9 items-center gap-2 pl-2">
        <BrandMark />
        <span className="flex-1 font-semibold tracking-[-0.01em]">Baton</span>
        <IconButton
          label="Hide the list"
          keyHint="["
          icon={<PanelLeftClose size={16} strokeWidth={1.75} />}
          onClick={() => railOpen.set(false)}
        />
        <IconButton
          label="New session"
          keyHint="N"
          icon={<Plus size={16} strokeWidth={1.75} />}
          className="border border-line-strong bg-raised"
          onClick={() => openOverlay('new-session')}
        />
      </div>
      <button
        type="button"
        onClick={() => openOverlay('switcher')}
        className="mb-1.5 flex h-8 items-center gap-2 rounded-md border border-line bg-surface px-2 text-ink-3 hover:border-line-strong hover:text-ink-2"
      >
        <Search size={15} strokeWidth={1.75} aria-hidden="true" />
        <span className="flex-1 text-left">Search</span>
        <Kbd keys="Mod+K" />
      </button>
      <RailLink to="/" icon={<LayoutGrid size={16} strokeWidth={1.75} />}>
        All sessions
      </RailLink>
      <RailLink to="/inbox" icon={<Inbox size={16} strokeWidth={1.75} />} count={waiting}>
        Inbox
      </RailLink>
      <RailLink to="/tasks" icon={<ListTodo size={16} strokeWidth={1.75} />}>
        Tasks
      </RailLink>
      <RailLink to="/agents" icon={<Bot size={16} strokeWidth={1.75} />}>
        Agents
      </RailLink>
      <RailLink to="/settings" icon={<Settings size={16} strokeWidth={1.75} />}>
        Settings
      </RailLink>
    </div>
  );
}

interface RailLinkProps {
  to: LinkProps['to'] & string;
  icon: ReactNode;
  count?: number;
  children: ReactNode;
}

function RailLink({ to, icon, count = 0, children }: RailLinkProps) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: true }}
      className="flex h-(--row) items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-pressed aria-[current]:font-medium aria-[current]:text-ink"
    >
      <span className="text-ink-3" aria-hidden="true">
        {icon}
      </span>
      <span className="flex-1">{children}</span>
      {count > 0 && (
        <span className="tabular rounded-sm bg-waiting-soft px-1.5 text-xs font-semibold text-waiting">
          {count}
          <span className="sr-only"> waiting</span>
        </span>
      )}
    </Link>
  );
}
