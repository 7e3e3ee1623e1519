import { ChevronRight } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import { useConversation } from './conversation-context.ts';

export interface RowLineProps {
  rowKey: string;
  unfolded: boolean;
  icon: ReactNode;
  /** Stands at the right: a duration. */
  trailing?: ReactNode;
  /** False when there is nothing inside to open. */
  foldable?: boolean;
  children: ReactNode;
}

const LINE =
  '-mx-2 flex w-[calc(100%+1rem)] items-start gap-2 rounded-md px-2 py-1 text-left text-sm coarse:min-h-11 coarse:py-3';

/** The one line of a folded row: a glyph, words, a figure at the right. The whole line opens and folds it. */
export function RowLine({ rowKey, unfolded, icon, trailing, foldable = true, children }: RowLineProps) {
  const { fold } = useConversation();
  const words = useId();
  const inside = (
    <>
      <span className="flex h-[1.35em] w-4 shrink-0 items-center justify-center">{icon}</span>
      <span id={words} className="flex min-w-0 flex-1 items-baseline gap-1.5">
        {children}
        {foldable && <Chevron unfolded={unfolded} />}
      </span>
      <span className="flex h-[1.35em] shrink-0 items-center text-xs text-ink-3">{trailing}</span>
    </>
  );
  if (!foldable) return <div className={LINE}>{inside}</div>;
  return (
    // Named by its words explicitly: a new row is invisible until the list has measured it, and a name made of visible
    // content alone would be empty for that moment.
    <button
      type="button"
      aria-expanded={unfolded}
      aria-labelledby={words}
      onClick={() => fold(rowKey, !unfolded)}
      className={cx(LINE, 'group/line transition-colors duration-100 hover:bg-hover')}
    >
      {inside}
    </button>
  );
}

// Seen where a pointer or the keyboard is, and always on what is open or under a finger.
function Chevron({ unfolded }: { unfolded: boolean }) {
  return (
    <ChevronRight
      size={14}
      strokeWidth={1.75}
      aria-hidden="true"
      className={cx(
        'shrink-0 self-center text-ink-3 transition-[rotate,opacity] duration-100',
        unfolded
          ? 'rotate-90'
          : 'opacity-0 group-hover/line:opacity-100 group-focus-visible/line:opacity-100 coarse:opacity-100',
      )}
    />
  );
}
