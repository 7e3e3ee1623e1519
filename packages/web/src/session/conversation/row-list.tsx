import { ArrowDown } from 'lucide-react';
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type Ref,
  type RefObject,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Row } from './row.ts';
import { RowView } from './row-view.tsx';
import { useFollow } from './use-follow.ts';

export interface RowListHandle {
  jump(): void;
  /** Stays where it is: the reader opened something and looks at it. */
  hold(): void;
  /** Brings a row to the top and gives it the keyboard; with `flash` it is lit for a moment. */
  focusRow(index: number, options?: { flash: boolean }): void;
}

export interface RowListProps {
  rows: readonly Row[];
  hasOlder: boolean;
  loadOlder(): Promise<void>;
  ref?: Ref<RowListHandle>;
}

const TOP_MARGIN = 8;
const OLDER_DISTANCE = 800;
const FOCUS_FRAMES = 30;
const FLASH_MS = 2400;

/** The rows, of which only those in sight are in the page. Keeps its place when older ones come in front. */
export function RowList({ rows, hasOlder, loadOlder, ref }: RowListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { following, onScroll, jump, letGo } = useFollow(scroll, content);
  const isShifted = useShift(rows);
  const news = useNews(rows, following);
  const older = useOlder(scroll, { hasOlder, loadOlder, rows });
  const { focusRow, keepMounted } = useRowFocus(list, content, letGo);
  useImperativeHandle(ref, () => ({ jump, hold: letGo, focusRow }), [jump, letGo, focusRow]);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroll}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        tabIndex={0}
        onScroll={() => {
          onScroll();
          older.onScroll();
        }}
        className="scroll-thin h-full overflow-y-auto [overflow-anchor:none]"
      >
        <div ref={content} className="mx-auto w-full max-w-(--column) px-4 pb-6 wide:px-6">
          <p role="status" className="h-2 text-center text-xs text-ink-3">
            {older.loading ? 'Loading older turns' : ''}
          </p>
          <Virtualizer
            ref={list}
            scrollRef={scroll}
            data={rows}
            startMargin={TOP_MARGIN}
            shift={isShifted}
            keepMounted={keepMounted}
            bufferSize={600}
          >
            {(row, index) => (
              <div key={row.key} data-index={index}>
                <RowView row={row} />
              </div>
            )}
          </Virtualizer>
        </div>
      </div>
      {!following && <JumpButton news={news} onJump={jump} />}
    </div>
  );
}

function JumpButton({ news, onJump }: { news: number; onJump(): void }) {
  return (
    <button
      type="button"
      onClick={onJump}
      className="touch absolute bottom-3 left-1/2 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-line-strong bg-raised px-3 text-sm font-medium text-ink shadow-float hover:bg-hover"
    >
      <ArrowDown size={14} strokeWidth={1.75} aria-hidden="true" />
      Jump to latest
      {news > 0 && <span className="tabular text-accent">{news} new</span>}
    </button>
  );
}

// The row to focus may be far outside of what is mounted: it is mounted first, and focused when it is there.
function useRowFocus(
  list: RefObject<VirtualizerHandle | null>,
  content: RefObject<HTMLElement | null>,
  letGo: () => void,
) {
  const [target, setTarget] = useState<{ index: number; flash: boolean }>();
  useEffect(() => {
    if (target === undefined) return undefined;
    letGo();
    list.current?.scrollToIndex(target.index, { align: 'start' });
    let frame = 0;
    const focus = (tries: number) => {
      const row = content.current?.querySelector<HTMLElement>(`[data-index="${target.index}"] > *`);
      row?.focus({ preventScroll: true });
      // A row takes no keyboard before it was measured.
      if (document.activeElement !== row && tries > 0) frame = requestAnimationFrame(() => focus(tries - 1));
      else if (target.flash && row !== undefined && row !== null) lightUp(row);
    };
    focus(FOCUS_FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [target, list, content, letGo]);
  const focusRow = useCallback((index: number, { flash } = { flash: false }) => setTarget({ index, flash }), []);
  const keepMounted = useMemo(() => (target === undefined ? [] : [target.index]), [target]);
  return { focusRow, keepMounted };
}

// A colour that fades and does not move, so it is there for who wants less motion too.
function lightUp(row: HTMLElement): void {
  const ground = 'var(--accent-soft)';
  row.animate(
    [
      { backgroundColor: ground, boxShadow: `0 0 0 6px ${ground}`, borderRadius: '4px' },
      { backgroundColor: ground, boxShadow: `0 0 0 6px ${ground}`, borderRadius: '4px', offset: 0.6 },
      { backgroundColor: 'transparent', boxShadow: '0 0 0 6px transparent', borderRadius: '4px' },
    ],
    { duration: FLASH_MS, easing: 'ease-out', id: 'found' },
  );
}

// Whether this render put rows in front of those of the render before.
function useShift(rows: readonly Row[]): boolean {
  const [state, setState] = useState({ rows, shifted: false });
  if (state.rows === rows) return state.shifted;
  const first = state.rows[0]?.key;
  const shifted = first !== undefined && rows[0]?.key !== first && rows.some((row) => row.key === first);
  setState({ rows, shifted });
  return shifted;
}

// How many rows came since the reader left the end.
function useNews(rows: readonly Row[], following: boolean): number {
  const [seen, setSeen] = useState<string | undefined>(undefined);
  const last = rows.findLast((row) => row.kind !== 'working')?.key;
  if (following && seen !== last) setSeen(last);
  if (following) return 0;
  const index = rows.findLastIndex((row) => row.key === seen);
  return index === -1 ? 0 : rows.slice(index + 1).filter((row) => row.kind !== 'working').length;
}

interface OlderOptions {
  hasOlder: boolean;
  loadOlder(): Promise<void>;
  rows: readonly Row[];
}

// Asks for older turns before the reader reaches the top, one request at a time.
function useOlder(scroll: { current: HTMLElement | null }, { hasOlder, loadOlder, rows }: OlderOptions) {
  const [loading, setLoading] = useState(false);
  const busy = useRef(false);
  const load = useCallback(() => {
    const element = scroll.current;
    if (element === null || !hasOlder || busy.current || element.scrollTop > OLDER_DISTANCE) return;
    busy.current = true;
    setLoading(true);
    const done = () => {
      busy.current = false;
      setLoading(false);
    };
    loadOlder().then(done, done);
  }, [scroll, hasOlder, loadOlder]);
  // What came may not fill the page yet.
  // Runs again when rows came.
  useEffect(load, [load, rows]);
  return { loading, onScroll: load };
}
