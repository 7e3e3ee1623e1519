import { ChevronsUpDown } from 'lucide-react';
import { formatCount } from '../figures.ts';

/** Opens the lines that were cut, in place. */
export function MoreButton({ hidden, where, onOpen }: { hidden: number; where: 'above' | 'below'; onOpen(): void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="touch flex w-full items-center gap-1.5 px-3 py-1.5 text-left text-xs text-ink-3 hover:bg-hover hover:text-ink"
    >
      <ChevronsUpDown size={12} strokeWidth={1.75} aria-hidden="true" />
      Show {formatCount(hidden, 'line')} {where}
    </button>
  );
}
