import type { FoundSession, SearchHit } from '@baton/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../live/baton-provider.tsx';
import { useDebounced } from './use-debounced.ts';

const TYPING_MS = 120;
const SHORTEST = 2;
const PAGE = 60;
const TITLES = 4;

export interface Search {
  /** Long enough to be looked for in all conversations. */
  isOn: boolean;
  /** What is shown belongs to what is typed. */
  isSettled: boolean;
  hits: readonly SearchHit[];
  /** Conversations from elsewhere whose title or folder has the words. */
  titles: readonly FoundSession[];
  failure: string | undefined;
  hasMore: boolean;
  loadMore(): void;
  retry(): void;
}

const NOTHING: readonly never[] = [];

/** Words in all conversations, as they are typed. An answer that nobody waits for any more is called off. */
export function useSearch(typed: string): Search {
  const api = useApi();
  const wanted = typed.trim().slice(0, 200);
  const words = useDebounced(wanted, TYPING_MS);
  const isOn = wanted.length >= SHORTEST;
  const query = useInfiniteQuery({
    queryKey: ['search', words],
    enabled: words.length >= SHORTEST,
    queryFn: async ({ pageParam, signal }) => {
      const [found, titles] = await Promise.all([
        api.call('search', { query: { q: words, limit: PAGE, cursor: pageParam }, signal }),
        pageParam === undefined ? api.call('listFound', { query: { q: words, limit: TITLES }, signal }) : undefined,
      ]);
      return { ...found, titles: titles?.items ?? [] };
    },
    initialPageParam: toNoCursor(),
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: (before) => before,
    // Conversations grow: what was found a while ago is looked for again.
    staleTime: 5_000,
    retry: false,
  });
  const { data, error, hasNextPage, isFetching, isPlaceholderData, fetchNextPage, refetch } = query;
  const pages = data?.pages;
  const shown = useMemo(
    () => ({
      hits: isOn ? (pages?.flatMap(({ items }) => items) ?? NOTHING) : NOTHING,
      titles: isOn ? (pages?.flatMap(({ titles }) => titles) ?? NOTHING) : NOTHING,
    }),
    [pages, isOn],
  );
  return {
    isOn,
    isSettled: words === wanted && !isPlaceholderData && (!isFetching || data !== undefined),
    ...shown,
    failure: isOn && error !== null ? error.message : undefined,
    hasMore: isOn && hasNextPage,
    loadMore: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}

function toNoCursor(): string | undefined {
  return undefined;
}
