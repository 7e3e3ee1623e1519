import type { FoundId, FoundSession, HistoryStatus } from '@baton/protocol';
import { useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ResponseOf } from '@baton/client';
import { useApi } from '../live/baton-provider.tsx';
import { createSlowApi } from '../live/slow-api.ts';
import type { FoundFilters } from './found-filters.ts';

/** While the index is made, and once it stands. */
const BUSY_MS = 2_000;
const QUIET_MS = 15_000;
const LIVE_MS = 5_000;
const PAGE = 100;
/** A list that was read further than this is not read again by itself. */
const FEW_PAGES = 3;

/** All that is known of stored conversations is under this. */
export const HISTORY_KEY = ['history'];

/** How far the index is; asked more often while it is made. */
export function useHistoryStatus(): HistoryStatus | undefined {
  const api = useApi();
  return useQuery({
    queryKey: [...HISTORY_KEY, 'status'],
    queryFn: ({ signal }) => api.call('getHistoryStatus', { signal }),
    refetchInterval: ({ state }) => toInterval(state.data),
  }).data;
}

/** The newest few. */
export function useNewestFound(limit: number): UseQueryResult<FoundSession[]> {
  const api = useApi();
  const interval = toInterval(useHistoryStatus());
  return useQuery({
    queryKey: [...HISTORY_KEY, 'newest', limit],
    queryFn: async ({ signal }) => (await api.call('listFound', { query: { limit }, signal })).items,
    refetchInterval: interval,
  });
}

const NEWEST_FOR_FOLDERS = 200;

/** The folders of the newest conversations, each once, the one of the newest first. */
export function useFoundFolders(backend: string | undefined): UseQueryResult<string[]> {
  const api = useApi();
  return useQuery({
    queryKey: [...HISTORY_KEY, 'folders', backend ?? null],
    queryFn: async ({ signal }) => {
      const { items } = await api.call('listFound', { query: { backend, limit: NEWEST_FOR_FOLDERS }, signal });
      return [...new Set(items.map(({ cwd }) => cwd))];
    },
  });
}

/** All of them that fit, page by page. */
export function useFoundList({ backend, cwd, q }: FoundFilters) {
  const api = useApi();
  const interval = toInterval(useHistoryStatus());
  const words = q.trim();
  return useInfiniteQuery({
    queryKey: [...HISTORY_KEY, 'list', { backend, cwd, words }],
    queryFn: ({ pageParam, signal }) =>
      api.call('listFound', {
        query: { backend, cwd, q: words === '' ? undefined : words, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: toNoCursor(),
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > FEW_PAGES ? false : interval),
  });
}

/** One of them with all that was said; read again while an agent writes it. */
export function useFound(id: FoundId): UseQueryResult<ResponseOf<'getFound'>> {
  return useQuery({
    queryKey: [...HISTORY_KEY, 'one', id],
    // Some are read by their agent, which is started for that.
    queryFn: ({ signal }) => createSlowApi().call('getFound', { params: { id }, signal }),
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.data?.session.live === true ? LIVE_MS : false),
    retry: false,
  });
}

function toInterval(status: HistoryStatus | undefined): number {
  return status === undefined || status.state === 'ready' ? QUIET_MS : BUSY_MS;
}

function toNoCursor(): string | undefined {
  return undefined;
}
