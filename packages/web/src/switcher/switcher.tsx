import { Dialog as Base } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useCloseOverlay } from '../frame/overlay.ts';
import { useIsWide } from '../frame/use-media.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { groupHits } from '../search/group-hits.ts';
import { useOpenHit } from '../search/use-open-hit.ts';
import { useSearch } from '../search/use-search.ts';
import { Kbd } from '../ui/kbd.tsx';
import { OptionRow } from './option-row.tsx';
import { rank } from './rank.ts';
import { SearchFoot } from './search-foot.tsx';
import { toOptions, type Option } from './to-options.ts';
import { useEntries } from './use-entries.tsx';

export interface SwitcherProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

const MOST_SHOWN = 40;
/** Sessions and actions before what was said in conversations. */
const MOST_BEFORE_HITS = 6;
const HITS_PER_GROUP = 3;

/** Type to find a session, an action or what was said, Enter to go. */
export function Switcher({ open, onOpenChange }: SwitcherProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          initialFocus={input}
          className="pop safe-top fixed inset-0 z-40 flex flex-col overflow-hidden bg-raised shadow-float outline-none wide:inset-x-4 wide:top-[12dvh] wide:bottom-auto wide:mx-auto wide:max-h-[72dvh] wide:max-w-170 wide:rounded-lg wide:border wide:border-line"
        >
          <Base.Title className="sr-only">Search sessions, conversations and actions</Base.Title>
          <QueryProvider>
            <SwitcherBody inputRef={input} />
          </QueryProvider>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function SwitcherBody({ inputRef }: { inputRef: RefObject<HTMLInputElement | null> }) {
  const id = useId();
  const isWide = useIsWide();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const search = useSearch(query);
  const options = useOptions(query, search);
  const choose = useChoose(search.loadMore);
  const current = Math.min(active, options.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const count = options.length;
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' && count > 0) setActive((current + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) setActive((current - 1 + count) % count);
    else if (event.key === 'Enter') choose(options[current]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2.5 border-b border-line px-4">
        <Search size={16} strokeWidth={1.75} className="shrink-0 text-ink-3" aria-hidden="true" />
        <input
          ref={inputRef}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={options[current] === undefined ? undefined : `${id}-${current}`}
          aria-label="Search sessions, conversations and actions"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          placeholder={isWide ? 'Find a session, an action, or what was said' : 'Find a session or what was said'}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-md outline-none coarse:text-[max(16px,var(--ui-size))]"
        />
        <Base.Close className="touch rounded-sm">
          <Kbd keys="Escape" className="coarse:hidden" />
          <span className="sr-only coarse:hidden">Close</span>
          <span className="hidden text-sm text-ink-2 coarse:inline">Cancel</span>
        </Base.Close>
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Found"
        className="scroll-thin min-h-0 flex-1 overflow-y-auto p-1.5"
      >
        {options.map((option, index) => (
          <OptionRow
            key={option.key}
            id={`${id}-${index}`}
            option={option}
            active={index === current}
            onHover={() => setActive(index)}
            onChoose={() => choose(option)}
          />
        ))}
      </div>
      <SearchFoot query={query} search={search} isEmpty={options.length === 0} />
    </>
  );
}

function useOptions(query: string, search: ReturnType<typeof useSearch>): Option[] {
  const { hits, titles, hasMore, isOn } = search;
  const groups = useMemo(() => groupHits(hits, HITS_PER_GROUP), [hits]);
  // One whose words are found too is there already.
  const others = useMemo(() => titles.filter(({ id }) => groups.every((group) => group.id !== id)), [titles, groups]);
  const all = useEntries(useCloseOverlay(), others);
  return useMemo(() => {
    const entries = rank(query, all).slice(0, isOn ? MOST_BEFORE_HITS : MOST_SHOWN);
    // By how well they fit, kinds would be mixed: a heading over each would say little.
    const shown = query === '' ? entries : entries.map((entry) => ({ ...entry, group: undefined }));
    return toOptions({ entries: shown, groups, hasMore });
  }, [query, all, groups, hasMore, isOn]);
}

function useChoose(loadMore: () => void): (option: Option | undefined) => void {
  const openHit = useOpenHit();
  return (option) => {
    switch (option?.kind) {
      case 'entry':
        return option.entry.run();
      case 'hit':
        return openHit(option.hit);
      case 'more':
        return loadMore();
      case undefined:
        return undefined;
    }
  };
}
