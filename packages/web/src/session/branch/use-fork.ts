import { createId, type SessionId, type TurnId } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useClient } from '../../live/baton-provider.tsx';
import { showToast } from '../../ui/toast.tsx';
import { toFailureWords } from '../failure-words.ts';

/** Makes a session that goes on from the end of a turn (default: the last that ended) and opens it. */
export function useFork(sessionId: SessionId): (turnId?: TurnId) => void {
  const client = useClient();
  const navigate = useNavigate();
  return useCallback(
    (turnId) => {
      const forkId = createId('session');
      client.send({ type: 'session.fork', sessionId, forkId, ...(turnId === undefined ? {} : { turnId }) }).then(
        () => navigate({ to: '/sessions/$sessionId', params: { sessionId: forkId } }),
        (error: unknown) => {
          const description = toFailureWords(error, 'The request did not arrive');
          showToast({ title: 'The session was not forked', description, tone: 'failed' });
        },
      );
    },
    [client, navigate, sessionId],
  );
}
