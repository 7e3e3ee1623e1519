import type { SessionView } from '@baton/protocol';
import { Archive, Folder, X } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useStore } from '../live/use-store.ts';
import { AgentBadge, AgentName } from '../sessions/agent-badge.tsx';
import { filterStore, isFiltered, NO_FILTERS, toFacets, toggleFilter, type Facet } from '../sessions/filters.ts';
import { toFolderName } from '../sessions/folder-name.ts';

/** Folders and agents; choosing one shows only its sessions, choosing it again shows all. */
export function RailFacets({ sessions }: { sessions: readonly SessionView[] }) {
  const filters = useStore(filterStore);
  const folders = useMemo(() => toFacets(sessions, 'cwd'), [sessions]);
  const agents = useMemo(() => toFacets(sessions, 'backend'), [sessions]);
  const archived = sessions.filter((session) => session.archived).length;
  return (
    <>
      <FacetList
        title="Folders"
        facets={folders}
        selected={filters.folder}
        icon={() => <Folder size={15} strokeWidth={1.75} />}
        name={toFolderName}
        onSelect={(folder) => filterStore.set(toggleFilter(filters, { folder }))}
      />
      <FacetList
        title="Agents"
        facets={agents}
        selected={filters.backend}
        icon={(backend) => <AgentBadge backend={backend} size="sm" />}
        name={(backend) => <AgentName backend={backend} />}
        onSelect={(backend) => filterStore.set(toggleFilter(filters, { backend }))}
      />
      {(archived > 0 || filters.archived) && (
        <ul className="mt-3">
          <FacetRow
            facet={{ value: 'Archived', count: archived }}
            selected={filters.archived}
            icon={<Archive size={15} strokeWidth={1.75} />}
            name="Archived"
            onSelect={() => filterStore.set({ ...filters, archived: !filters.archived })}
          />
        </ul>
      )}
      {isFiltered(filters) && (
        <button
          type="button"
          onClick={() => filterStore.set(NO_FILTERS)}
          className="mt-2 flex h-(--row) w-full items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink"
        >
          <X size={15} strokeWidth={1.75} className="text-ink-3" aria-hidden="true" />
          Show all sessions again
        </button>
      )}
    </>
  );
}

interface FacetListProps {
  title: string;
  facets: readonly Facet[];
  selected: string | undefined;
  icon(value: string): ReactNode;
  name(value: string): ReactNode;
  onSelect(value: string): void;
}

function FacetList({ title, facets, selected, icon, name, onSelect }: FacetListProps) {
  if (facets.length === 0) return null;
  return (
    <section className="mt-3" aria-label={`Filter by ${title.toLowerCase()}`}>
      <h2 className="flex h-7 items-center px-2 text-xs font-medium text-ink-3">{title}</h2>
      <ul>
        {facets.map((facet) => (
          <FacetRow
            key={facet.value}
            facet={facet}
            selected={facet.value === selected}
            icon={icon(facet.value)}
            name={name(facet.value)}
            onSelect={() => onSelect(facet.value)}
          />
        ))}
      </ul>
    </section>
  );
}

interface FacetRowProps {
  facet: Facet;
  selected: boolean;
  icon: ReactNode;
  name: ReactNode;
  onSelect(): void;
}

function FacetRow({ facet, selected, icon, name, onSelect }: FacetRowProps) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={selected}
        title={facet.value}
        onClick={onSelect}
        className="flex h-(--row) w-full items-center gap-2 rounded-md px-2 text-left text-ink-2 hover:bg-hover hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
      >
        <span className="flex size-4 items-center justify-center text-ink-3" aria-hidden="true">
          {icon}
        </span>
        <span className="min-w-0 flex-1 truncate">{name}</span>
        <span className="tabular text-xs text-ink-3">{facet.count}</span>
      </button>
    </li>
  );
}
