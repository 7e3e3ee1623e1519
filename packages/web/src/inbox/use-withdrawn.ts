import type { ApprovalView, QuestionView } from '@baton/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '../live/baton-provider.tsx';
import { useNow } from '../ui/relative-time.tsx';
import { toWithdrawn } from './to-withdrawn.ts';

const KEY = ['withdrawn'];
const MOST = 20;

/** What was withdrawn in the last day, newest first; asked again whenever something leaves what waits. */
export function useWithdrawn(pending: readonly { id: string }[]): readonly (ApprovalView | QuestionView)[] {
  const api = useApi();
  const queries = useQueryClient();
  const now = useNow();
  const waiting = pending.map(({ id }) => id).join(' ');
  const seen = useRef(waiting);
  useEffect(() => {
    if (seen.current === waiting) return;
    seen.current = waiting;
    void queries.invalidateQueries({ queryKey: KEY });
  }, [waiting, queries]);
  const { data = [] } = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const query = { state: 'withdrawn', limit: MOST } as const;
      const [approvals, questions] = await Promise.all([
        api.call('listApprovals', { query }),
        api.call('listQuestions', { query }),
      ]);
      return [...approvals.items, ...questions.items];
    },
    staleTime: 0,
  });
  return toWithdrawn(data, now);
}
