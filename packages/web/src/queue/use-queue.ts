import type { AgentQueue, SessionId, SessionView } from '@baton/protocol';
import { toAppError } from '@baton/protocol';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi, useClient } from '../live/baton-provider.tsx';
import { useRefreshOn } from '../live/use-refresh-on.ts';
import { useStorePart } from '../live/use-store.ts';
import { showToast } from '../ui/toast.tsx';
import { toQueueSignature } from './queue-signature.ts';

const KEY = ['queue'];
/** Who waits for a moment in time may go on without any session telling of it. */
const TICK_MS = 2_000;

/** Who waits for a place and who has one; asked again as soon as any session tells that this may have changed. */
export function useQueue(): UseQueryResult<AgentQueue> {
  const api = useApi();
  const signature = useStorePart(useClient().sessions, ({ sessions }) => toQueueSignature(sessions));
  useRefreshOn(KEY, signature);
  return useQuery({
    queryKey: KEY,
    queryFn: () => api.call('listQueue'),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ notBefore }) => notBefore !== undefined) === true ? TICK_MS : false,
  });
}

export interface QueueActions {
  /** Resolves with whether it was moved. */
  move(sessionId: SessionId, to: 'first' | 'last'): Promise<boolean>;
  /** Its prompts stay and go with the next start. */
  leave(session: Pick<SessionView, 'id' | 'title'>): Promise<void>;
}

/** What one can do to a session that waits. A refusal is shown in passing: the queue itself shows how it stands. */
export function useQueueActions(): QueueActions {
  const api = useApi();
  const client = useClient();
  const queries = useQueryClient();
  return useMemo(() => {
    const orTell = async (title: string, act: () => Promise<unknown>) => {
      try {
        await act();
        return true;
      } catch (error) {
        showToast({ title, description: toAppError(error).message, tone: 'failed' });
        return false;
      } finally {
        void queries.invalidateQueries({ queryKey: KEY });
      }
    };
    return {
      move: (id, to) =>
        orTell('The order is as it was', async () => {
          queries.setQueryData(KEY, await api.call('moveInQueue', { params: { id }, body: { move: to } }));
        }),
      async leave({ id, title }) {
        const hasLeft = await orTell('It still waits', () => client.send({ type: 'session.stop', sessionId: id }));
        if (!hasLeft) return;
        const again = () =>
          void orTell('It does not wait again', () => client.send({ type: 'session.start', sessionId: id }));
        showToast({
          title: `“${title}” left the queue`,
          description: 'Its prompts stay and go with the next start.',
          action: { label: 'Wait again', run: again },
        });
      },
    };
  }, [api, client, queries]);
}
