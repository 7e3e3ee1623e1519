import type { CheckpointId, CheckpointView, SessionId } from '@baton/protocol';
import { useState } from 'react';
import { SpinnerAfter } from '../../ui/spinner-after.tsx';
import { CheckpointEntry } from './checkpoint-entry.tsx';
import { RestoreOutcome } from './restore-outcome.tsx';
import { SaveCheckpoint } from './save-checkpoint.tsx';
import { useCheckpoints } from './use-checkpoints.ts';
import { useRestore } from './use-restore.ts';

/** The timeline of the working tree: what it was when, how it differs, and the way back. */
export function CheckpointPanel({ sessionId }: { sessionId: SessionId }) {
  const { data, error } = useCheckpoints(sessionId);
  const [open, setOpen] = useState<CheckpointId>();
  const controls = useRestore(sessionId);
  return (
    <div className="flex flex-col">
      <SaveCheckpoint sessionId={sessionId} />
      <RestoreOutcome controls={controls} checkpoints={data ?? []} />
      {data === undefined && error === null && <SpinnerAfter what="Loading the checkpoints" />}
      {data === undefined && error !== null && (
        <p role="alert" className="px-4 py-3 text-sm text-failed">
          {error.message}
        </p>
      )}
      {data?.length === 0 && (
        <p className="px-4 py-3 text-sm text-ink-3">
          No checkpoint yet. One is made at the end of each turn that changed files.
        </p>
      )}
      <ol aria-label="Checkpoints, newest first" className="flex flex-col">
        {(data ?? []).toReversed().map((checkpoint: CheckpointView) => (
          <CheckpointEntry
            key={checkpoint.id}
            checkpoint={checkpoint}
            open={open === checkpoint.id}
            busy={controls.state.step === 'busy'}
            onToggle={() => setOpen(open === checkpoint.id ? undefined : checkpoint.id)}
            onRestore={(paths) => controls.restore(checkpoint.id, paths)}
          />
        ))}
      </ol>
    </div>
  );
}
