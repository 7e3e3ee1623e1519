import type { ApprovalView, PolicyRule, Risk } from '@baton/protocol';
import type { ResponseOf } from '@baton/client';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useApi } from '../live/baton-provider.tsx';

const KEY = ['policies'];

/** The rules in force, in order. */
export function usePolicies(): UseQueryResult<readonly PolicyRule[]> {
  const api = useApi();
  return useQuery({ queryKey: KEY, queryFn: async () => (await api.call('getPolicies')).rules });
}

/** Replaces all rules; resolves with those in force then. */
export function usePutPolicies(): (rules: readonly PolicyRule[]) => Promise<readonly PolicyRule[]> {
  const api = useApi();
  const queries = useQueryClient();
  return async (rules) => {
    const saved = await api.call('putPolicies', { body: { rules: [...rules] } });
    queries.setQueryData(KEY, saved.rules);
    return saved.rules;
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
