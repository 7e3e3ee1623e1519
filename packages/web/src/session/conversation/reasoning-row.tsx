import { Brain } from 'lucide-react';
import { memo } from 'react';
import { formatDuration } from '../figures.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Elapsed } from './elapsed.tsx';
import type { ReasoningRow } from './row.ts';
import { RowLine } from './row-line.tsx';

/** Reasoning: one grey line with its length, its text when it is open. */
export const ReasoningRowView = memo(function ReasoningRowView({ row }: { row: ReasoningRow }) {
  const { entry, unfolded } = row;
  if (entry.item.type !== 'reasoning') return null;
  const { text } = entry.item;
  return (
    <div>
      <RowLine
        rowKey={row.key}
        unfolded={unfolded}
        foldable={text.trim() !== ''}
        icon={<Brain size={16} strokeWidth={1.75} aria-hidden="true" className="text-ink-3" />}
      >
        <span className="text-ink-3">
          {entry.open ? (
            <>
              Thinking <Elapsed from={entry.startedAt} />
            </>
          ) : (
            toThought(entry.startedAt, entry.endedAt)
          )}
        </span>
      </RowLine>
      {unfolded && text.trim() !== '' && (
        <Markdown
          text={text}
          streaming={entry.open}
          className="mt-1 mb-2 ml-2 max-w-(--measure) border-l border-line pl-4 text-[0.8125rem] text-ink-2"
        />
      )}
    </div>
  );
});

function toThought(from: string, to: string | undefined): string {
  const ms = to === undefined ? 0 : Date.parse(to) - Date.parse(from);
  return ms < 1000 ? 'Thought' : `Thought for ${formatDuration(ms)}`;
}
