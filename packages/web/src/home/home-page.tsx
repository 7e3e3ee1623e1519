import { Plus, X } from 'lucide-react';
import { Suspense, useMemo } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useOpenOverlay } from '../frame/overlay.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { useIsWide } from '../frame/use-media.ts';
import { useClient, useSessions } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { applyFilters, filterStore, isFiltered, NO_FILTERS, type Filters } from '../sessions/filters.ts';
import { toShortPath } from '../sessions/folder-name.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { SessionGrid } from './session-grid.tsx';

const ElsewhereSection = lazyPart(async () => (await import('../history/elsewhere-section.tsx')).ElsewhereSection);

/** Every session as a card, those that need their user first. */
export function HomePage() {
  usePageTitle('Sessions');
  const client = useClient();
  const openOverlay = useOpenOverlay();
  const { sessions, status } = useSessions();
  const filters = useStore(filterStore);
  const isWide = useIsWide();
  const shown = useMemo(() => applyFilters(sessions, filters), [sessions, filters]);
  if (status === 'loading') {
    return (
      <SpinnerAfter
        what="Loading sessions"
        mend={
          <>
            The server does not answer.{' '}
            <button type="button" className="underline" onClick={() => client.reconnect()}>
              Try again
            </button>
          </>
        }
      />
    );
  }
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="mx-auto max-w-[100rem] px-4 pt-4 pb-10 wide:px-6">
        <div className="mb-4 hidden h-8 items-center gap-3 wide:flex">
          <h1 className="text-md font-semibold">{filters.archived ? 'Archived sessions' : 'All sessions'}</h1>
          <FilterWords filters={filters} />
          <Button
            variant="primary"
            className="ml-auto"
            icon={<Plus size={16} strokeWidth={2} />}
            keyHint="N"
            onClick={() => openOverlay('new-session')}
          >
            New session
          </Button>
        </div>
        {shown.length > 0 ? (
          <SessionGrid sessions={shown} />
        ) : (
          <NoSessions filtered={isFiltered(filters)} onNew={() => openOverlay('new-session')} />
        )}
        {/* On a desktop they are in the rail. */}
        {!isFiltered(filters) && (!isWide || sessions.length === 0) && (
          <Suspense fallback={null}>
            <ElsewhereSection />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function FilterWords({ filters }: { filters: Filters }) {
  if (!isFiltered(filters)) return null;
  const words = [
    filters.folder === undefined ? '' : toShortPath(filters.folder),
    filters.backend === undefined ? '' : toAgentTitle(filters.backend),
  ].filter((word) => word !== '');
  return (
    <button
      type="button"
      onClick={() => filterStore.set(NO_FILTERS)}
      className="touch flex h-6 items-center gap-1.5 rounded-sm bg-accent-soft px-2 text-xs font-medium text-accent hover:bg-pressed"
    >
      {words.join(' · ') || 'Archived'}
      <X size={12} strokeWidth={2} aria-hidden="true" />
      <span className="sr-only">Show all sessions</span>
    </button>
  );
}

function NoSessions({ filtered, onNew }: { filtered: boolean; onNew(): void }) {
  if (filtered) {
    return (
      <Empty
        title="No session matches"
        hint="No session is in this folder with this agent."
        action={<Button onClick={() => filterStore.set(NO_FILTERS)}>Show all sessions</Button>}
        className="min-h-[60dvh]"
      />
    );
  }
  return (
    <Empty
      title="No sessions yet"
      hint="Choose a folder and an agent, say what to do, and watch it work from here."
      action={
        <Button variant="primary" size="lg" icon={<Plus size={16} strokeWidth={2} />} keyHint="N" onClick={onNew}>
          New session
        </Button>
      }
      className="min-h-[40dvh] wide:min-h-[60dvh]"
    />
  );
}
