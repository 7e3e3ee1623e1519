import type { BackendView } from '@baton/protocol';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useApi } from './baton-provider.tsx';

const KEY = ['backends'];

/** The agents the server knows, with what was found of each. */
export function useBackends(): UseQueryResult<BackendView[]> {
  const api = useApi();
  return useQuery({ queryKey: KEY, queryFn: () => api.listBackends() });
}

/** The same as it was last found: for what hardly changes, and is not worth starting every agent's program again. */
export function useKnownBackends(): UseQueryResult<BackendView[]> {
  const api = useApi();
  return useQuery({ queryKey: KEY, queryFn: () => api.listBackends(), staleTime: Number.POSITIVE_INFINITY });
}

/** Has the server look for agents again, after something was installed or signed in. */
export function useRefreshBackends(): () => Promise<void> {
  const api = useApi();
  const queries = useQueryClient();
  return async () => {
    const found = await api.listBackends({ refresh: true });
    queries.setQueryData(KEY, found);
  };
}
