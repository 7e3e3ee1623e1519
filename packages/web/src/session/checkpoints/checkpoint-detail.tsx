import type { CheckpointView, FileDiff } from '@baton/protocol';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useSessionPart } from '../../live/baton-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SpinnerAfter } from '../../ui/spinner-after.tsx';
import { toChangeWords, toPaths, toRestoreWords } from './checkpoint-words.ts';
import { FileDiffList } from './file-diff-list.tsx';
import { GoToTurn } from './go-to-turn.tsx';
import { useCheckpointDiff } from './use-checkpoints.ts';

export interface CheckpointDetailProps {
  checkpoint: CheckpointView;
  busy: boolean;
  onRestore(paths?: readonly string[]): void;
}

/** How a checkpoint differs from now, or from the one before, and what of it to put back. */
export function CheckpointDetail({ checkpoint, busy, onRestore }: CheckpointDetailProps) {
  const [against, setAgainst] = useState<'now' | 'before'>('now');
  const { parent } = checkpoint;
  return (
    <div className="flex flex-col gap-2 px-4 pb-3">
      <div className="flex flex-wrap items-center gap-2">
        {parent !== undefined && (
          <Segmented<'now' | 'before'>
            label="Compare with"
            labelHidden
            value={against}
            onChange={setAgainst}
            options={[
              { value: 'now', title: 'Since then' },
              { value: 'before', title: 'What it changed' },
            ]}
          />
        )}
        <GoToTurn sessionId={checkpoint.sessionId} turnId={checkpoint.turnId} />
      </div>
      {against === 'now' || parent === undefined ? (
        <SinceThen checkpoint={checkpoint} busy={busy} onRestore={onRestore} />
      ) : (
        <Diff from={parent} to={checkpoint.id} none="It changed nothing.">
          {(files) => <FileDiffList files={files} toWords={toChangeWords} />}
        </Diff>
      )}
    </div>
  );
}

function SinceThen({ checkpoint, busy, onRestore }: CheckpointDetailProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  // The agent may have changed something since it was last looked at.
  const moment = useSessionPart(
    checkpoint.sessionId,
    ({ timeline, view }) => `${timeline.checkpoint ?? ''}${view?.state ?? ''}`,
  );
  return (
    <Diff from={checkpoint.id} to="now" at={moment} none="The files are as they were then.">
      {(files, truncated) => {
        const chosen = files.filter(({ path }) => !left.has(path));
        const isAll = chosen.length === files.length;
        return (
          <>
            <FileDiffList
              files={files}
              toWords={toRestoreWords}
              chosen={new Set(chosen.map(({ path }) => path))}
              onChoose={(path, isChosen) =>
                setLeft((before) => new Set(isChosen ? [...before].filter((each) => each !== path) : [...before, path]))
              }
            />
            <div>
              <Button
                size="sm"
                disabled={busy || chosen.length === 0}
                icon={<History size={14} strokeWidth={1.75} />}
                onClick={() => onRestore(isAll && !truncated ? undefined : toPaths(chosen))}
                className="coarse:h-11"
              >
                {isAll ? 'Restore these files' : `Restore ${chosen.length} of ${files.length} files`}
              </Button>
            </div>
          </>
        );
      }}
    </Diff>
  );
}

interface DiffProps {
  from: CheckpointView['id'];
  to: CheckpointView['id'] | 'now';
  at?: unknown;
  none: string;
  children(files: readonly FileDiff[], truncated: boolean): React.ReactNode;
}

function Diff({ from, to, at, none, children }: DiffProps) {
  const { data, error } = useCheckpointDiff(from, to, at);
  if (error !== null && data === undefined)
    return (
      <p role="alert" className="text-sm text-failed">
        {error.message}
      </p>
    );
  if (data === undefined) {
    return <SpinnerAfter what="Comparing" className="flex items-center gap-2 text-sm text-ink-3" />;
  }
  if (data.files.length === 0) return <p className="text-sm text-ink-3">{none}</p>;
  return (
    <>
      {children(data.files, data.truncated)}
      {data.truncated && <p className="text-xs text-ink-3">There is more than is shown here.</p>}
    </>
  );
}
