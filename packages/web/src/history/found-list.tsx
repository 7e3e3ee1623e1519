import type { FoundSession } from '@baton/protocol';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type RefObject } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { FoundRow } from './found-row.tsx';

export interface FoundListProps {
  items: readonly FoundSession[];
  more: 'there' | 'loading' | 'none';
  onMore(): void;
  onFolder(cwd: string): void;
  /** Whether the list stands below its beginning. */
  onScrolled(scrolled: boolean): void;
  /** Takes the function that goes to the beginning. */
  topRef: RefObject<(() => void) | undefined>;
}

/** Rows before the end at which more are asked for. */
const AHEAD = 30;
const TOP_MARGIN = 12;

/** Where the list stood when it was left, for coming back to it. */
let leftAt = 0;

/** The conversations, of which only those in sight are in the page. */
export function FoundList({ items, more, onMore, onFolder, onScrolled, topRef }: FoundListProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  useImperativeHandle(topRef, () => () => list.current?.scrollTo(0));
  useLayoutEffect(() => {
    if (leftAt > 0) list.current?.scrollTo(leftAt);
  }, []);
  const askForMore = () => {
    const handle = list.current;
    if (handle === null || more !== 'there') return;
    if (handle.findItemIndex(handle.scrollOffset + handle.viewportSize) >= items.length - AHEAD) onMore();
  };
  useEffect(askForMore);
  return (
    <div
      ref={scroll}
      tabIndex={0}
      role="region"
      aria-label="Conversations from elsewhere"
      className="scroll-thin h-full overflow-y-auto [overflow-anchor:none]"
      onScroll={(event) => {
        leftAt = event.currentTarget.scrollTop;
        onScrolled(leftAt > 0);
        askForMore();
      }}
    >
      <div className="mx-auto max-w-220 px-1 pt-3 pb-10 wide:px-3">
        <Virtualizer ref={list} scrollRef={scroll} data={items} startMargin={TOP_MARGIN} bufferSize={600}>
          {(session) => (
            <div key={session.id} className="border-b border-line">
              <FoundRow session={session} onFolder={onFolder} />
            </div>
          )}
        </Virtualizer>
        <p role="status" className="h-8 pt-3 text-center text-xs text-ink-3">
          {more === 'loading' ? 'Loading older conversations' : ''}
        </p>
      </div>
    </div>
  );
}
