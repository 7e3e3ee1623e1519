import { isAppError, type ApprovalView, type PoliciesView, type PolicyRule, type Risk } from '@baton/protocol';
import type { ResponseOf } from '@baton/client';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useApi } from '../live/baton-provider.tsx';

const KEY = ['policies'];

/** The rules in force, in order, looked at again whenever the page comes back into sight. */
export function usePolicies(): UseQueryResult<PoliciesView> {
  const api = useApi();
  return useQuery({ queryKey: KEY, queryFn: () => api.call('getPolicies'), staleTime: 0 });
}

/** Replaces all rules, if those in force are still those of the revision; else rejects with a `conflict`. */
export function usePutPolicies(): (rules: readonly PolicyRule[], revision: string) => Promise<void> {
  const api = useApi();
  const queries = useQueryClient();
  return async (rules, revision) => {
    try {
      queries.setQueryData(KEY, await api.call('putPolicies', { body: { rules: [...rules], revision } }));
    } catch (error) {
      // What is in force now is shown beside what could not be saved.
      if (isAppError(error) && error.kind === 'conflict') await queries.invalidateQueries({ queryKey: KEY });
      throw error;
    }
  };
}

export type SimulatedItem = ResponseOf<'simulatePolicies'>['items'][number];
export type SimulatedAction = ApprovalView['action'] & { backend: string; cwd: string; risk?: Risk['level'] };

/** What rules would do: with an action, for it; without, for the last approvals there were. */
export function useSimulation(
  rules: readonly PolicyRule[] | undefined,
  action?: SimulatedAction,
): UseQueryResult<readonly SimulatedItem[]> {
  const api = useApi();
  return useQuery({
    queryKey: ['simulation', rules, action ?? null],
    queryFn: async () => {
      const body = { rules: [...(rules ?? [])], ...(action === undefined ? {} : { action }) };
      return (await api.call('simulatePolicies', { body })).items;
    },
    enabled: rules !== undefined,
    placeholderData: keepPreviousData,
  });
}
