import {
  isAppError,
  type CheckpointDiff,
  type CheckpointId,
  type CheckpointView,
  type SessionId,
  type TurnId,
} from '@baton/protocol';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Api } from '../../live/api.ts';
import { useApi, useSessionPart } from '../../live/baton-provider.tsx';
import { toCheckpointOfTurn } from './restore-state.ts';

/** The timeline of a session's working tree, oldest first; asked anew whenever the log tells of a new checkpoint. */
export function useCheckpoints(sessionId: SessionId): UseQueryResult<CheckpointView[]> {
  const api = useApi();
  const last = useSessionPart(sessionId, ({ timeline }) => timeline.checkpoint);
  return useQuery({
    queryKey: ['checkpoints', sessionId, last ?? ''],
    queryFn: async () => (await api.call('listCheckpoints', { params: { id: sessionId } })).items,
    placeholderData: keepPreviousData,
  });
}

/** What changed from a checkpoint to another one or to now; `at` is what makes "now" another moment. */
export function useCheckpointDiff(
  from: CheckpointId | undefined,
  to: CheckpointId | 'now',
  at?: unknown,
): UseQueryResult<CheckpointDiff> {
  const api = useApi();
  return useQuery({
    queryKey: ['checkpoint-diff', from, to, at ?? ''],
    queryFn: () => api.call('diffCheckpoint', { params: { id: from ?? '' }, query: { to } }),
    enabled: from !== undefined,
    // What lies between two checkpoints never changes; the present does.
    staleTime: to === 'now' ? 0 : Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/**
 * The checkpoint at the end of a turn, or null. A fork shares turns with the session it comes from, and their checkpoints
 * are kept there.
 */
export function useCheckpointOfTurn(sessionId: SessionId, turnId: TurnId): UseQueryResult<CheckpointView | null> {
  const api = useApi();
  return useQuery({
    queryKey: ['checkpoint-of-turn', sessionId, turnId],
    staleTime: 0,
    async queryFn() {
      for (let at: SessionId | undefined = sessionId; at !== undefined; at = await readParent(api, at)) {
        const { items } = await api.call('listCheckpoints', { params: { id: at } });
        const found = toCheckpointOfTurn(items, turnId);
        if (found !== undefined) return found;
      }
      return null;
    },
  });
}

async function readParent(api: Api, id: SessionId): Promise<SessionId | undefined> {
  try {
    return (await api.call('getSession', { params: { id } })).parent?.sessionId;
  } catch (error) {
    if (isAppError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** To be called when files of the session were put back or saved. */
export function useRefreshCheckpoints(sessionId: SessionId): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ['checkpoints', sessionId] });
    void queries.invalidateQueries({ queryKey: ['checkpoint-diff'] });
  };
}
