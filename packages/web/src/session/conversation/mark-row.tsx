import { CircleAlert, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { cx } from '../../ui/cx.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useConversation } from './conversation-context.ts';
import { toMarkWords } from './mark-words.ts';
import type { MarkRow } from './row.ts';

/** A quiet line for what is neither prompt nor work. */
export const MarkRowView = memo(function MarkRowView({ row }: { row: MarkRow }) {
  const { titles } = useConversation();
  const { text, tone } = toMarkWords(row.mark.event, titles);
  const Icon = tone === 'failed' ? CircleAlert : tone === 'warning' ? TriangleAlert : undefined;
  return (
    <div className="my-1.5 flex items-center gap-3 text-xs text-ink-3">
      <span className="h-px min-w-4 flex-1 bg-line" />
      <span
        className={cx(
          'flex max-w-[85%] min-w-0 items-center gap-1.5 text-center',
          tone === 'failed' && 'text-failed',
          tone === 'warning' && 'text-waiting',
        )}
      >
        {Icon !== undefined && <Icon size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />}
        <span className="min-w-0 break-words">{text}</span>
        <RelativeTime at={row.mark.at} className="shrink-0 text-ink-3" />
      </span>
      <span className="h-px min-w-4 flex-1 bg-line" />
    </div>
  );
});
