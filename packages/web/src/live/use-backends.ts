import type { BackendView, SessionView } from '@baton/protocol';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { getAgentLooks } from './agent-looks.ts';
import type { Api } from './api.ts';
import { useApi, useClient } from './baton-provider.tsx';
import { withDistinctTitles } from './distinct-titles.ts';
import { useRefreshOn } from './use-refresh-on.ts';
import { useStorePart } from './use-store.ts';

/** All that is known of agents is under this. */
export const BACKENDS_KEY = ['backends'];

/** Looked at again so often while one of them is not started for now. */
const BREAKER_TICK_MS = 3_000;

// Whoever shows only the id of one calls it by the same name.
async function readBackends(api: Api, options?: { refresh: boolean }): Promise<BackendView[]> {
  const found = withDistinctTitles(await api.listBackends(options));
  getAgentLooks(api).learn(found);
  return found;
}

/** The agents the server knows, with what was found of each. */
export function useBackends(): UseQueryResult<BackendView[]> {
  const api = useApi();
  return useQuery({
    queryKey: BACKENDS_KEY,
    queryFn: () => readBackends(api),
    refetchInterval: ({ state }) =>
      state.data?.some(({ breaker }) => breaker !== undefined) === true ? BREAKER_TICK_MS : false,
  });
}

/** The same for a page on which agents are chosen or mended: what fails is seen as soon as a session tells of it. */
export function useLiveBackends(): UseQueryResult<BackendView[]> {
  useRefreshOn(
    BACKENDS_KEY,
    useStorePart(useClient().sessions, ({ sessions }) => toFailingWord(sessions)),
  );
  return useBackends();
}

// Changes with every start that fails.
function toFailingWord(sessions: readonly SessionView[]): string {
  return sessions
    .flatMap(({ id, seq, state, waiting }) => (state === 'failed' || waiting !== undefined ? [`${id}:${seq}`] : []))
    .sort()
    .join(' ');
}

/** The same as it was last found: for what hardly changes, and is not worth starting every agent's program again. */
export function useKnownBackends(): UseQueryResult<BackendView[]> {
  const api = useApi();
  return useQuery({ queryKey: BACKENDS_KEY, queryFn: () => readBackends(api), staleTime: Number.POSITIVE_INFINITY });
}

/** Has the server look for agents again, after something was installed or signed in. */
export function useRefreshBackends(): () => Promise<void> {
  const api = useApi();
  const queries = useQueryClient();
  return async () => {
    const found = await readBackends(api, { refresh: true });
    queries.setQueryData(BACKENDS_KEY, found);
  };
}
