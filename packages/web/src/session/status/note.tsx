import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';

export interface NoteProps {
  tone?: 'waiting' | 'failed';
  icon: ReactNode;
  /** Buttons; they go below the words where there is no room beside them. */
  action?: ReactNode;
  children: ReactNode;
}

const TONES = { waiting: 'border-waiting-line bg-waiting-soft', failed: 'border-failed-line bg-failed-soft' };

/** Above the composer: how the agent stands, and what to do about it. */
export function Note({ tone, icon, action, children }: NoteProps) {
  return (
    <div
      role="status"
      className={cx(
        'mb-2 flex items-start gap-2.5 rounded-lg border py-2 pr-2 pl-3 text-sm',
        tone === undefined ? 'border-line bg-surface' : TONES[tone],
      )}
    >
      <span className="mt-1.5 shrink-0">{icon}</span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1.5">
        <p className="min-w-0 flex-1 basis-44 py-1 break-words">{children}</p>
        {action !== undefined && <div className="ml-auto flex flex-wrap justify-end gap-2">{action}</div>}
      </div>
    </div>
  );
}

/** A button of a note. */
export const NOTE_BUTTON = 'coarse:h-9';
