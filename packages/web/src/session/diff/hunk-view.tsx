import { cx } from '../../ui/cx.ts';
import type { MarkedToken } from './mark-line.ts';
import type { DiffHunk, DiffLine } from './parse-patch.ts';
import { toSplitRows } from './split-rows.ts';
import type { Diff } from './use-diff.ts';

interface HunkProps {
  hunk: DiffHunk;
  diff: Diff;
  first: boolean;
  numbered: boolean;
}

const GROUNDS = { context: '', added: 'bg-added-soft', removed: 'bg-removed-soft' };
const SIGNS = { context: ' ', added: '+', removed: '\u2212' };
const SIGN_COLOURS = { context: '', added: 'text-added', removed: 'text-removed' };
const MARKS = { context: '', added: 'bg-(--added-mark)', removed: 'bg-(--removed-mark)' };

export function InlineHunk({ hunk, diff, first, numbered }: HunkProps) {
  return (
    <>
      {!(first && hunk.afterStart <= 1) && <HunkLine hunk={hunk} numbered={numbered} />}
      {hunk.lines.map((line, index) => (
        <div key={index} className={cx('flex font-mono text-[0.78125rem] leading-5', GROUNDS[line.kind])}>
          {numbered && <Gutters line={line} />}
          <Sign line={line} />
          <Text tokens={diff.tokens(line)} kind={line.kind} />
        </div>
      ))}
    </>
  );
}

export function SplitHunk({ hunk, diff, first, numbered }: HunkProps) {
  return (
    <>
      {!(first && hunk.afterStart <= 1) && <HunkLine hunk={hunk} numbered={numbered} />}
      {toSplitRows(hunk.lines).map((row, index) => (
        <div key={index} className="grid grid-cols-2 font-mono text-[0.78125rem] leading-5">
          <Side line={row.left} number={numbered ? row.left?.before : 'none'} diff={diff} />
          <Side line={row.right} number={numbered ? row.right?.after : 'none'} diff={diff} edge />
        </div>
      ))}
    </>
  );
}

interface SideProps {
  line: DiffLine | undefined;
  number: number | 'none' | undefined;
  diff: Diff;
  edge?: boolean;
}

function Side({ line, number, diff, edge = false }: SideProps) {
  const border = edge ? 'border-l border-line' : '';
  if (line === undefined) return <div className={cx('bg-sunken', border)} />;
  return (
    <div className={cx('flex min-w-0', border, GROUNDS[line.kind])}>
      {number !== 'none' && <Gutter number={number} />}
      <Sign line={line} />
      <Text tokens={diff.tokens(line)} kind={line.kind} wrap />
    </div>
  );
}

function HunkLine({ hunk, numbered }: { hunk: DiffHunk; numbered: boolean }) {
  return (
    <div className="flex h-6 items-center gap-2 border-y border-line bg-sunken px-3 font-mono text-xs text-ink-3 first:border-t-0">
      <span className="tabular">{numbered ? `line ${hunk.afterStart}` : 'further on'}</span>
      <span className="truncate">{hunk.section}</span>
    </div>
  );
}

// Where there is little room one column has to do: the number after, or of what is gone the number before.
function Gutters({ line }: { line: DiffLine }) {
  return (
    <>
      <span className="hidden @min-[32rem]:contents">
        <Gutter number={line.before} />
        <Gutter number={line.after} />
      </span>
      <span className="contents @min-[32rem]:hidden">
        <Gutter number={line.after ?? line.before} />
      </span>
    </>
  );
}

function Gutter({ number }: { number: number | undefined }) {
  return (
    <span aria-hidden="true" className="tabular w-9 shrink-0 pr-2 text-right text-ink-3 select-none">
      {number}
    </span>
  );
}

function Sign({ line }: { line: DiffLine }) {
  return (
    <span className={cx('w-5 shrink-0 text-center select-none', SIGN_COLOURS[line.kind])} aria-hidden="true">
      {SIGNS[line.kind]}
    </span>
  );
}

function Text({
  tokens,
  kind,
  wrap = false,
}: {
  tokens: readonly MarkedToken[];
  kind: DiffLine['kind'];
  wrap?: boolean;
}) {
  return (
    <span
      className={cx(
        'min-w-0 flex-1 pr-4 text-(--code-text)',
        wrap ? 'break-all whitespace-pre-wrap' : 'whitespace-pre',
      )}
    >
      {kind !== 'context' && <span className="sr-only">{kind} </span>}
      {tokens.map((token, index) => (
        <span key={index} className={cx(token.className, token.marked && MARKS[kind], token.marked && 'rounded-xs')}>
          {token.text}
        </span>
      ))}
      {tokens.length === 0 && ' '}
    </span>
  );
}
