import { Dialog as Base } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCloseOverlay } from '../frame/overlay.ts';
import { cx } from '../ui/cx.ts';
import { Kbd } from '../ui/kbd.tsx';
import { rank } from './rank.ts';
import { useEntries, type Entry } from './use-entries.tsx';

export interface SwitcherProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

const MOST_SHOWN = 40;

/** Type to find a session or an action, Enter to go. */
export function Switcher({ open, onOpenChange }: SwitcherProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fade fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          initialFocus={input}
          className="pop safe-top fixed inset-0 z-40 flex flex-col overflow-hidden bg-raised shadow-float outline-none wide:inset-x-4 wide:top-[12dvh] wide:bottom-auto wide:mx-auto wide:max-h-[64dvh] wide:max-w-150 wide:rounded-lg wide:border wide:border-line"
        >
          <Base.Title className="sr-only">Search sessions and actions</Base.Title>
          <SwitcherBody inputRef={input} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function SwitcherBody({ inputRef }: { inputRef: React.RefObject<HTMLInputElement | null> }) {
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const all = useEntries(useCloseOverlay());
  const entries = useMemo(() => rank(query, all).slice(0, MOST_SHOWN), [query, all]);
  const onKeyDown = (event: KeyboardEvent) => {
    const count = entries.length;
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' && count > 0) setActive((active + 1) % count);
    else if (event.key === 'ArrowUp' && count > 0) setActive((active - 1 + count) % count);
    else if (event.key === 'Enter') entries[active]?.run();
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
          aria-activedescendant={entries[active] === undefined ? undefined : `${id}-${active}`}
          aria-label="Search sessions and actions"
          autoComplete="off"
          spellCheck={false}
          placeholder="Find a session, a folder, an action"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-md outline-none coarse:text-[16px]"
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
        {entries.map((entry, index) => (
          <Row
            key={entry.id}
            id={`${id}-${index}`}
            entry={entry}
            active={index === active}
            heading={entries[index - 1]?.group === entry.group || query !== '' ? undefined : entry.group}
            onHover={() => setActive(index)}
          />
        ))}
      </div>
      {entries.length === 0 && (
        <p role="status" className="px-4 pt-2 pb-6 text-center text-ink-3">
          Nothing matches “{query}”
        </p>
      )}
    </>
  );
}

interface RowProps {
  id: string;
  entry: Entry;
  active: boolean;
  heading: string | undefined;
  onHover(): void;
}

function Row({ id, entry, active, heading, onHover }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-3">
          {heading}
        </div>
      )}
      <div
        ref={row}
        id={id}
        role="option"
        aria-selected={active}
        onPointerMove={onHover}
        onClick={entry.run}
        className={cx('flex h-9 items-center gap-2.5 rounded-md px-2.5 coarse:h-12', active && 'bg-hover')}
      >
        <span className="flex size-4 shrink-0 items-center justify-center text-ink-3" aria-hidden="true">
          {entry.icon}
        </span>
        <span className="min-w-0 flex-1 truncate wide:max-w-[70%] wide:flex-none">{entry.title}</span>
        <span className="hidden min-w-0 flex-1 truncate text-xs text-ink-3 wide:block">{entry.note}</span>
        {entry.trailing}
        {entry.keyHint !== undefined && <Kbd keys={entry.keyHint} className="coarse:hidden" />}
      </div>
    </>
  );
}
