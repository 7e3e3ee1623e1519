import type { SessionId } from '@baton/protocol';
import { useEffect, useState } from 'react';
import { useApi } from '../../live/baton-provider.tsx';

export interface GitState {
  readonly branch?: string | undefined;
  readonly dirty?: boolean | undefined;
}

const NONE: GitState = {};

/** Branch of a session's folder, asked anew whenever `moment` changes. Nothing where there is no repository. */
export function useGit(sessionId: SessionId, moment: unknown): GitState {
  const api = useApi();
  const [git, setGit] = useState(NONE);
  // Asks again when the moment changes.
  useEffect(() => {
    let wanted = true;
    // A branch that cannot be had is one that is not shown.
    api.getGit(sessionId).then(
      (found) => wanted && setGit(found),
      () => wanted && setGit(NONE),
    );
    return () => {
      wanted = false;
    };
  }, [api, sessionId, moment]);
  return git;
}
