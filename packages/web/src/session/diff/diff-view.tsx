import { Columns2, Rows2 } from 'lucide-react';
import { memo, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { formatTokens } from '../figures.ts';
import { Changes } from '../tool/changes.tsx';
import { MoreButton } from '../tool/more-button.tsx';
import { PathText } from '../tool/path-text.tsx';
import { InlineHunk, SplitHunk } from './hunk-view.tsx';
import type { DiffHunk } from './parse-patch.ts';
import { useDiff } from './use-diff.ts';
import { useSplit } from './use-split.ts';

export interface DiffViewProps {
  path: string;
  patch: string;
  cut?: number | undefined;
  /** False for a piece whose place in the file is not known. */
  numbered?: boolean;
}

const SHOWN_LINES = 60;

/** One file's changes: inline, or side by side where there is room and somebody chose so. */
export const DiffView = memo(function DiffView({ path, patch, cut, numbered = true }: DiffViewProps) {
  const diff = useDiff(path, patch);
  const [split, setSplit] = useSplit();
  const [whole, setWhole] = useState(false);
  const lines = diff.hunks.flatMap((hunk) => hunk.lines);
  const hunks = whole ? diff.hunks : cutHunks(diff.hunks);
  const hidden = lines.length - hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const count = (kind: 'added' | 'removed') => lines.filter((line) => line.kind === kind).length;
  return (
    <figure
      className="@container overflow-hidden rounded-md border border-line bg-surface"
      aria-label={`Changes to ${path}`}
    >
      <figcaption className="flex h-8 items-center gap-2 border-b border-line bg-sunken pr-1 pl-3">
        <PathText path={path} className="text-xs" />
        <Changes added={count('added')} removed={count('removed')} />
        <span className="flex-1" />
        <span className="hidden @min-[50rem]:flex">
          <IconButton
            size="sm"
            label={split ? 'Show changes inline' : 'Show changes side by side'}
            icon={split ? <Rows2 size={14} strokeWidth={1.75} /> : <Columns2 size={14} strokeWidth={1.75} />}
            onClick={() => setSplit(!split)}
          />
        </span>
        <CopyButton text={patch} label="Copy patch" />
      </figcaption>
      <div className="scroll-thin max-h-[70vh] overflow-auto" tabIndex={0} role="group" aria-label="Changed lines">
        {split && (
          <div className="hidden @min-[50rem]:block">
            {hunks.map((hunk, index) => (
              <SplitHunk key={index} hunk={hunk} diff={diff} first={index === 0} numbered={numbered} />
            ))}
          </div>
        )}
        <div className={split ? 'w-fit min-w-full @min-[50rem]:hidden' : 'w-fit min-w-full'}>
          {hunks.map((hunk, index) => (
            <InlineHunk key={index} hunk={hunk} diff={diff} first={index === 0} numbered={numbered} />
          ))}
        </div>
      </div>
      {hidden > 0 && <MoreButton hidden={hidden} where="below" onOpen={() => setWhole(true)} />}
      {cut !== undefined && cut > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
          {formatTokens(cut)} characters of this diff were left out of the record.
        </p>
      )}
    </figure>
  );
});

function cutHunks(hunks: readonly DiffHunk[]): DiffHunk[] {
  let room = SHOWN_LINES;
  return hunks.flatMap((hunk) => {
    if (room <= 0) return [];
    const lines = hunk.lines.slice(0, room);
    room -= lines.length;
    return [lines.length === hunk.lines.length ? hunk : { ...hunk, lines }];
  });
}
