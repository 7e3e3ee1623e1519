import type { ApprovalView, QuestionView } from '@baton/protocol';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../live/baton-provider.tsx';
import { useRefreshOn } from '../live/use-refresh-on.ts';
import { useNow } from '../ui/relative-time.tsx';
import { toWithdrawn } from './to-withdrawn.ts';

const KEY = ['withdrawn'];
const MOST = 20;

/** What was withdrawn in the last day, newest first; asked again whenever something leaves what waits. */
export function useWithdrawn(pending: readonly { id: string }[]): readonly (ApprovalView | QuestionView)[] {
  const api = useApi();
  const now = useNow();
  useRefreshOn(KEY, pending.map(({ id }) => id).join(' '));
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
