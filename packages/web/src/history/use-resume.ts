import { createId, isAppError, type FoundId } from '@baton/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createSlowApi } from '../live/slow-api.ts';
import { HISTORY_KEY } from './use-history.ts';

export interface Resuming {
  /** Which of the two is under way. */
  busy: 'resume' | 'fork' | undefined;
  /** Why it did not work. */
  failure: string | undefined;
  resume(fork: boolean): void;
}

/** Goes on with a stored conversation in Baton, or forks it, and opens the session. */
export function useResume(id: FoundId): Resuming {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [state, setState] = useState<Pick<Resuming, 'busy' | 'failure'>>({ busy: undefined, failure: undefined });
  const run = async (fork: boolean) => {
    setState({ busy: fork ? 'fork' : 'resume', failure: undefined });
    try {
      const view = await createSlowApi().call('resumeFound', {
        params: { id },
        body: { fork, id: createId('session') },
      });
      void queries.invalidateQueries({ queryKey: HISTORY_KEY });
      await navigate({ to: '/sessions/$sessionId', params: { sessionId: view.id }, replace: true });
    } catch (error) {
      const failure = isAppError(error) ? error.message : 'The request did not arrive. Try again.';
      setState({ busy: undefined, failure });
    }
  };
  return { ...state, resume: (fork) => void run(fork) };
}
