import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { useHold } from '../sessions/use-hold.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { foundFilters, isFoundFiltered, NO_FOUND_FILTERS } from './found-filters.ts';
import { FoundList } from './found-list.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { ProgressLine } from './progress-line.tsx';
import { useFoundList, useHistoryStatus } from './use-history.ts';
import { useSteadyList } from '../sessions/use-steady-list.ts';

/** All conversations that began outside Baton. */
export function HistoryPage() {
  usePageTitle('Elsewhere');
  return (
    <QueryProvider>
      <div className="flex h-full flex-col">
        <div className="border-b border-line">
          <div className="mx-auto max-w-220 px-4 py-3 wide:px-6">
            <Heading />
            <HistoryFilters />
            <PhoneProgress />
          </div>
        </div>
        <Conversations />
      </div>
    </QueryProvider>
  );
}

function PhoneProgress() {
  return <ProgressLine status={useHistoryStatus()} className="pt-2 wide:hidden" />;
}

function Heading() {
  const status = useHistoryStatus();
  return (
    <div className="hidden h-8 items-baseline gap-3 wide:flex">
      <h1 className="text-md font-semibold">Elsewhere</h1>
      <p className="min-w-0 flex-1 truncate text-sm text-ink-3">Conversations that agents keep themselves.</p>
      <ProgressLine status={status} className="shrink-0" />
    </div>
  );
}

function Conversations() {
  const filters = useStore(foundFilters);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useFoundList(filters);
  const { held, handlers } = useHold();
  const [scrolled, setScrolled] = useState(false);
  const top = useRef<() => void>(undefined);
  const live = data?.pages.flatMap(({ items }) => items) ?? [];
  const { items, changed, settle } = useSteadyList(live, held || scrolled);
  if (data === undefined) {
    return error === null ? (
      <SpinnerAfter what="Loading conversations" />
    ) : (
      <Empty
        title="The conversations could not be loaded"
        hint={error.message}
        action={<Button onClick={() => void refetch()}>Try again</Button>}
        className="flex-1"
      />
    );
  }
  if (items.length === 0) return <Nothing filtered={isFoundFiltered(filters)} />;
  return (
    <div className="relative min-h-0 flex-1" {...handlers}>
      {changed && (
        <button
          type="button"
          onClick={() => {
            settle();
            top.current?.();
          }}
          className="touch absolute top-3 left-1/2 z-10 h-8 -translate-x-1/2 rounded-full border border-line-strong bg-raised px-3 text-sm font-medium text-ink shadow-float hover:bg-sunken"
        >
          Conversations moved: show
        </button>
      )}
      <FoundList
        items={items}
        more={hasNextPage ? (isFetchingNextPage ? 'loading' : 'there') : 'none'}
        onMore={() => void fetchNextPage()}
        onFolder={(cwd) => foundFilters.set({ ...filters, cwd })}
        onScrolled={setScrolled}
        topRef={top}
      />
    </div>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const status = useHistoryStatus();
  if (filtered) {
    return (
      <Empty
        title="No conversation matches"
        action={<Button onClick={() => foundFilters.set(NO_FOUND_FILTERS)}>Show all conversations</Button>}
        className="flex-1"
      />
    );
  }
  if (status?.state === 'scanning' || status?.state === 'indexing') {
    return <Empty title="Looking for conversations" hint="What is found appears here by itself." className="flex-1" />;
  }
  return (
    <Empty
      title="Nothing from elsewhere"
      hint="What you say to Claude Code, Codex, Gemini or OpenCode in a terminal of this machine appears here by itself. Other agents can be asked for their sessions."
      action={
        <Link to="/agents" className="font-medium text-accent hover:underline">
          Show agents
        </Link>
      }
      className="flex-1"
    />
  );
}
