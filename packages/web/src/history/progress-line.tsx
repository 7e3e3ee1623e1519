import type { HistoryStatus } from '@baton/protocol';
import { cx } from '../ui/cx.ts';
import { toProgressWords } from './progress-words.ts';

/** One calm line about the reading in the background; nothing when it is done. It is not announced: it only counts. */
export function ProgressLine({ status, className }: { status: HistoryStatus | undefined; className?: string }) {
  const words = toProgressWords(status);
  if (words === undefined) return null;
  return <p className={cx('tabular truncate text-xs text-ink-3', className)}>{words}</p>;
}
