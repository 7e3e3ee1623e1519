import type { CheckpointView } from '@baton/protocol';
import { Check, CircleAlert, Undo2, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { toRestoredWords } from './restore-state.ts';
import type { RestoreControls } from './use-restore.ts';

/** What became of the last restore, with the way back. */
export function RestoreOutcome({
  controls,
  checkpoints,
}: {
  controls: RestoreControls;
  checkpoints: readonly CheckpointView[];
}) {
  const { state, undo, dismiss } = controls;
  if (state.step === 'open' || state.step === 'busy') return null;
  const isFailed = state.step === 'failed';
  return (
    <div
      role={isFailed ? 'alert' : 'status'}
      className="flex items-start gap-2.5 border-b border-line bg-raised py-2.5 pr-2 pl-4 text-sm"
    >
      {isFailed ? (
        <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-failed" />
      ) : (
        <Check size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-accent" />
      )}
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {state.step === 'failed' && state.message}
          {state.step === 'done' && (state.undone ? 'Undone. ' : '')}
          {state.step === 'done' && toRestoredWords(state.restored, checkpoints)}
        </p>
        {state.step === 'done' && !state.undone && (
          <Button size="sm" icon={<Undo2 size={14} strokeWidth={1.75} />} onClick={undo} className="mt-2 coarse:h-11">
            Undo this restore
          </Button>
        )}
      </div>
      <IconButton size="sm" label="Dismiss" icon={<X size={14} strokeWidth={1.75} />} onClick={dismiss} />
    </div>
  );
}
