import type { HistoryStatus } from '@baton/protocol';
import { cx } from '../ui/cx.ts';
import { toProgressWords } from './progress-words.ts';

/**
 * One calm line about the reading in the background, and which agent's conversations cannot be read; nothing when it is done.
 * It is not announced: it only counts.
 */
export function ProgressLine({ status, className }: { status: HistoryStatus | undefined; className?: string }) {
  const words = toProgressWords(status);
  const notRead = status?.notRead ?? [];
  if (words === undefined && notRead.length === 0) return null;
  return (
    <div className={cx('space-y-1 text-xs', className)}>
      {words !== undefined && <p className="tabular truncate text-ink-3">{words}</p>}
      {notRead.map(({ backend, reason }) => (
        <p key={backend} className="break-words text-waiting">
          {reason}
        </p>
      ))}
    </div>
  );
}
