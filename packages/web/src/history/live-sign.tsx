import { SquareTerminal } from 'lucide-react';
import { cx } from '../ui/cx.ts';

/** A conversation that a process outside Baton works on now. */
export function LiveSign({ word = 'hidden', className }: { word?: 'word' | 'hidden'; className?: string }) {
  return (
    <span
      title="Open in a terminal now"
      className={cx('inline-flex shrink-0 items-center gap-1 whitespace-nowrap text-accent', className)}
    >
      <SquareTerminal size={14} strokeWidth={1.75} aria-hidden="true" />
      <span className={word === 'word' ? 'text-xs font-medium' : 'sr-only'}>In a terminal now</span>
    </span>
  );
}
