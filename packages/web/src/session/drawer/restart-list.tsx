import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import type { LifeEntry } from './restarts.ts';

const FEW = 6;

/** How the agent came and went, newest first. */
export function RestartList({ entries }: { entries: readonly LifeEntry[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, FEW);
  return (
    <>
      <ol aria-label="How the agent came and went" className="flex flex-col gap-2 text-sm">
        {shown.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
      {shown.length < entries.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="touch mt-2 text-sm font-medium text-accent hover:underline"
        >
          Show {entries.length - shown.length} more
        </button>
      )}
    </>
  );
}

function Entry({ entry: { at, text, tone } }: { entry: LifeEntry }) {
  const Icon = tone === 'failed' ? CircleAlert : TriangleAlert;
  return (
    <li className="flex items-start gap-2">
      {tone === 'quiet' ? (
        <span
          className="mt-1.5 ml-[3px] mr-[3px] size-2 shrink-0 rounded-full border border-line-control"
          aria-hidden="true"
        />
      ) : (
        <Icon
          size={14}
          strokeWidth={1.75}
          aria-hidden="true"
          className={cx('mt-0.5 shrink-0', tone === 'failed' ? 'text-failed' : 'text-waiting')}
        />
      )}
      <span className="min-w-0 flex-1 break-words text-ink-2">{text}</span>
      <RelativeTime at={at} className="tabular shrink-0 text-xs leading-5 text-ink-3" />
    </li>
  );
}
