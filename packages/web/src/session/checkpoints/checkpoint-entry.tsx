import type { CheckpointView } from '@baton/protocol';
import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import { cx } from '../../ui/cx.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { CheckpointDetail } from './checkpoint-detail.tsx';
import { toFilesWords, toTriggerWords } from './checkpoint-words.ts';

export interface CheckpointEntryProps {
  checkpoint: CheckpointView;
  open: boolean;
  busy: boolean;
  onToggle(): void;
  /** Without paths: all that differs. */
  onRestore(paths?: readonly string[]): void;
}

/** One moment of the working tree; opens to what differs and the way back. */
export function CheckpointEntry({ checkpoint, open, busy, onToggle, onRestore }: CheckpointEntryProps) {
  const words = useId();
  return (
    <li className="relative border-b border-line last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-labelledby={words}
        onClick={onToggle}
        className="flex w-full items-start gap-2 px-4 py-2.5 text-left hover:bg-hover coarse:min-h-11"
      >
        <ChevronRight
          size={14}
          strokeWidth={1.75}
          aria-hidden="true"
          className={cx('mt-0.5 shrink-0 text-ink-3 transition-[rotate] duration-100', open && 'rotate-90')}
        />
        <span id={words} className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate font-medium">{checkpoint.title}</span>
            <RelativeTime at={checkpoint.createdAt} className="tabular shrink-0 text-xs text-ink-3" />
          </span>
          <span className="tabular mt-0.5 block text-xs text-ink-3">
            {toTriggerWords(checkpoint.trigger)} · {toFilesWords(checkpoint)}
          </span>
        </span>
      </button>
      {open && <CheckpointDetail checkpoint={checkpoint} busy={busy} onRestore={onRestore} />}
    </li>
  );
}
