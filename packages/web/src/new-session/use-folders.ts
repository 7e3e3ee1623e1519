import { isAppError } from '@baton/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi, useSessions } from '../live/baton-provider.tsx';
import { toFolderQuery, toRecentFolders, toSuggestions, type Suggestion } from './folder-listing.ts';

const NO_ITEMS: readonly never[] = [];

export interface Folders {
  suggestions: readonly Suggestion[];
  /** The folder whose content is listed; absent for the roots. */
  folder: string | undefined;
  /** Why the folder cannot be listed. */
  problem: string | undefined;
  loading: boolean;
}

/** What fits the typed text: folders on the server's machine and those of earlier sessions. */
export function useFolders(text: string): Folders {
  const api = useApi();
  const { sessions } = useSessions();
  const { folder } = toFolderQuery(text);
  const query = useQuery({
    queryKey: ['folders', folder ?? ''],
    queryFn: () => api.listFolders(folder === undefined ? {} : { path: folder }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const items = query.isPlaceholderData || query.data === undefined ? NO_ITEMS : query.data.items;
  const recent = useMemo(() => toRecentFolders(sessions), [sessions]);
  const suggestions = useMemo(() => toSuggestions({ text, items, recent }), [text, items, recent]);
  const problem = isAppError(query.error) ? query.error.message : undefined;
  return { suggestions, folder, problem, loading: query.isFetching };
}
