import type { SessionView } from '@baton/protocol';
import { createValueStore } from '../live/value-store.ts';

/** What of the sessions is shown in the rail and on the home page. */
export interface Filters {
  folder?: string;
  backend?: string;
  archived: boolean;
}

export const NO_FILTERS: Filters = { archived: false };

export const filterStore = createValueStore<Filters>(NO_FILTERS);

export function applyFilters(sessions: readonly SessionView[], filters: Filters): SessionView[] {
  return sessions.filter(
    (session) =>
      session.archived === filters.archived &&
      (filters.folder === undefined || session.cwd === filters.folder) &&
      (filters.backend === undefined || session.backend === filters.backend),
  );
}

export function isFiltered(filters: Filters): boolean {
  return filters.archived || filters.folder !== undefined || filters.backend !== undefined;
}

/** The same filter again takes it away. */
export function toggleFilter(filters: Filters, part: { folder: string } | { backend: string }): Filters {
  const { folder, backend, archived } = filters;
  const next = {
    archived,
    folder: 'folder' in part ? (part.folder === folder ? undefined : part.folder) : folder,
    backend: 'backend' in part ? (part.backend === backend ? undefined : part.backend) : backend,
  };
  return {
    archived: next.archived,
    ...(next.folder === undefined ? {} : { folder: next.folder }),
    ...(next.backend === undefined ? {} : { backend: next.backend }),
  };
}

export interface Facet {
  value: string;
  count: number;
}

/** Folders or agents with the number of sessions in each, those with most first, then by name. */
export function toFacets(sessions: readonly SessionView[], of: 'cwd' | 'backend'): Facet[] {
  const counts = new Map<string, number>();
  for (const session of sessions) {
    if (!session.archived) counts.set(session[of], (counts.get(session[of]) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
