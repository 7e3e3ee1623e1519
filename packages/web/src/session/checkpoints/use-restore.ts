import type { CheckpointId, SessionId } from '@baton/protocol';
import { useState } from 'react';
import { useApi } from '../../live/baton-provider.tsx';
import { announce } from '../../ui/live-region.tsx';
import { toFailureWords } from '../failure-words.ts';
import type { Restored } from './restore-state.ts';
import { useRefreshCheckpoints } from './use-checkpoints.ts';

export type RestoreState =
  | { readonly step: 'open' }
  | { readonly step: 'busy' }
  | { readonly step: 'done'; readonly restored: Restored; readonly undone: boolean }
  | { readonly step: 'failed'; readonly message: string };

export interface RestoreControls {
  readonly state: RestoreState;
  restore(checkpointId: CheckpointId, paths?: readonly string[]): void;
  /** Puts back what stood there before the last restore. */
  undo(): void;
  dismiss(): void;
}

/** Puts files back, says under which checkpoint the present was kept, and takes it back again. */
export function useRestore(sessionId: SessionId): RestoreControls {
  const api = useApi();
  const refresh = useRefreshCheckpoints(sessionId);
  const [state, setState] = useState<RestoreState>({ step: 'open' });
  const run = (checkpointId: CheckpointId, undone: boolean, paths?: readonly string[]) => {
    setState({ step: 'busy' });
    const body = paths === undefined ? {} : { paths: [...paths] };
    api.call('restoreCheckpoint', { params: { id: checkpointId }, body }).then(
      ({ savedAs, files }) => {
        setState({ step: 'done', restored: { savedAs, files }, undone });
        announce(undone ? 'Undone' : 'Files put back');
        refresh();
      },
      (error: unknown) => {
        setState({ step: 'failed', message: toFailureWords(error, 'The files were not put back') });
        refresh();
      },
    );
  };
  return {
    state,
    restore: (checkpointId, paths) => run(checkpointId, false, paths),
    undo: () => state.step === 'done' && run(state.restored.savedAs, true),
    dismiss: () => setState({ step: 'open' }),
  };
}
