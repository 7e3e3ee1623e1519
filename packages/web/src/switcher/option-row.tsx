import { useEffect, useRef, type ReactNode } from 'react';
import { GroupHeading } from '../search/group-heading.tsx';
import { HitRow } from '../search/hit-row.tsx';
import { cx } from '../ui/cx.ts';
import { Kbd } from '../ui/kbd.tsx';
import type { Option } from './to-options.ts';

export interface OptionRowProps {
  id: string;
  option: Option;
  active: boolean;
  onHover(): void;
  onChoose(): void;
}

/** One option of the list, under its heading where it is the first of its kind. */
export function OptionRow({ id, option, active, onHover, onChoose }: OptionRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const { heading, height, inside } = toLook(option);
  return (
    <>
      {heading}
      <div
        ref={row}
        id={id}
        role="option"
        aria-selected={active}
        onPointerMove={onHover}
        onClick={onChoose}
        className={cx('group/option flex gap-2.5 rounded-md px-2.5', height, active && 'bg-hover')}
      >
        {inside}
      </div>
    </>
  );
}

interface Look {
  heading: ReactNode;
  height: string;
  inside: ReactNode;
}

const LINE = 'h-9 items-center coarse:h-12';

function toLook(option: Option): Look {
  switch (option.kind) {
    case 'entry':
      return { heading: toEntryHeading(option.heading), height: LINE, inside: <EntryLine option={option} /> };
    case 'hit':
      return {
        heading:
          option.group === undefined ? null : (
            <div role="presentation" className="flex items-center gap-2 px-2.5 pt-3 pb-1 text-sm">
              <GroupHeading group={option.group} />
            </div>
          ),
        height: 'min-h-8 items-baseline py-1.5 pl-8.5 coarse:min-h-11 coarse:py-2.5',
        inside: (
          <>
            <HitRow hit={option.hit} />
            {option.more > 0 && (
              <span className="tabular shrink-0 text-xs text-ink-3 group-aria-selected/option:text-ink-2">
                {option.more} more
              </span>
            )}
          </>
        ),
      };
    case 'more':
      return {
        heading: null,
        height: cx(LINE, 'mt-1 justify-center'),
        inside: <span className="text-sm font-medium text-accent">Show older hits</span>,
      };
  }
}

function toEntryHeading(heading: string | undefined): ReactNode {
  if (heading === undefined) return null;
  return (
    <div role="presentation" className="px-2.5 pt-2 pb-1 text-xs font-medium text-ink-3">
      {heading}
    </div>
  );
}

function EntryLine({ option: { entry } }: { option: Extract<Option, { kind: 'entry' }> }) {
  return (
    <>
      <span className="flex size-4 shrink-0 items-center justify-center text-ink-3" aria-hidden="true">
        {entry.icon}
      </span>
      <span className="min-w-0 flex-1 truncate wide:max-w-[70%] wide:flex-none">{entry.title}</span>
      <span className="hidden min-w-0 flex-1 truncate text-xs text-ink-3 group-aria-selected/option:text-ink-2 wide:block">
        {entry.note}
      </span>
      {entry.trailing}
      {entry.keyHint !== undefined && <Kbd keys={entry.keyHint} className="coarse:hidden" />}
    </>
  );
}
