import { ChevronRight, Clock, Folder, GitBranch } from 'lucide-react';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { toShortPath } from '../sessions/folder-name.ts';
import { cx } from '../ui/cx.ts';
import { Float } from '../ui/float.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { toCrumbs, type Suggestion } from './folder-listing.ts';
import type { Folders } from './use-folders.ts';

const MAX_HEIGHT = 320;

export interface FolderPanelProps {
  id: string;
  /** The field it hangs on. */
  anchor: RefObject<HTMLElement | null>;
  folders: Folders;
  active: number;
  onHover(index: number): void;
  onTake(path: string): void;
  onLookInside(path: string): void;
  onWalk(path: string): void;
}

/** The list under the folder field. It never takes the focus: the field keeps it. */
export function FolderPanel(props: FolderPanelProps) {
  const { id, anchor, folders, active, onHover, onTake, onLookInside, onWalk } = props;
  const { suggestions, folder, problem, loading } = folders;
  return (
    <Float
      anchor={anchor}
      maxHeight={MAX_HEIGHT}
      onPointerDown={(event) => event.preventDefault()}
      className="fixed inset-auto m-0 flex flex-col overflow-hidden rounded-lg border border-line-strong bg-raised p-0 text-ink shadow-float"
    >
      {folder !== undefined && <Crumbs folder={folder} onWalk={onWalk} />}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Folders"
        className="scroll-thin min-h-0 flex-1 overflow-y-auto p-1"
      >
        {suggestions.map((suggestion, index) => (
          <Option
            key={`${suggestion.kind} ${suggestion.path}`}
            id={`${id}-${index}`}
            suggestion={suggestion}
            active={index === active}
            onHover={() => onHover(index)}
            onTake={() => onTake(suggestion.path)}
            onLookInside={() => onLookInside(suggestion.path)}
          />
        ))}
      </div>
      {suggestions.length === 0 && (
        <Note>{problem ?? (loading ? 'Reading the folder' : 'No folder in here matches')}</Note>
      )}
      <div
        className="flex h-8 items-center gap-4 border-t border-line px-3 text-xs text-ink-3 coarse:hidden"
        aria-hidden="true"
      >
        <span className="flex items-center gap-1.5">
          <Kbd keys="Enter" /> use
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd keys="ArrowRight" /> look inside
        </span>
        <span className="flex items-center gap-1.5">
          <Kbd keys="Alt+ArrowUp" /> up
        </span>
      </div>
    </Float>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="px-3 pt-1 pb-3 text-sm text-ink-3">
      {children}
    </p>
  );
}

function Crumbs({ folder, onWalk }: { folder: string; onWalk(path: string): void }) {
  return (
    <div className="flex h-8 shrink-0 items-center overflow-x-auto coarse:h-11 border-b border-line px-2 text-xs">
      {toCrumbs(folder).map((crumb, index) => (
        <span key={crumb.path} className="flex shrink-0 items-center">
          {index > 1 && (
            <span className="text-ink-3" aria-hidden="true">
              /
            </span>
          )}
          <button
            type="button"
            tabIndex={-1}
            onClick={() => onWalk(crumb.path)}
            className="rounded-sm px-1 py-0.5 text-ink-2 hover:bg-hover hover:text-ink coarse:h-11 coarse:min-w-11 coarse:px-2"
          >
            {crumb.name}
          </button>
        </span>
      ))}
    </div>
  );
}

interface OptionProps {
  id: string;
  suggestion: Suggestion;
  active: boolean;
  onHover(): void;
  onTake(): void;
  onLookInside(): void;
}

function Option({ id, suggestion, active, onHover, onTake, onLookInside }: OptionProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const Icon = suggestion.kind === 'recent' ? Clock : Folder;
  return (
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onPointerMove={onHover}
      onClick={(event) => (isInside(event.target) ? onLookInside() : onTake())}
      className={cx('flex h-8 items-center gap-2 rounded-md pl-2 coarse:h-11', active && 'bg-hover')}
    >
      <Icon size={15} strokeWidth={1.75} className="shrink-0 text-ink-3" aria-hidden="true" />
      <span className="shrink-0 truncate">{suggestion.name}</span>
      {suggestion.git && (
        <span className="inline-flex shrink-0 items-center gap-1 text-xs text-ink-3">
          <GitBranch size={12} strokeWidth={1.75} aria-hidden="true" />
          git
        </span>
      )}
      {suggestion.kind === 'recent' && (
        <span className="min-w-0 flex-1 truncate text-right text-xs text-ink-3">{toShortPath(suggestion.path)}</span>
      )}
      <span
        data-inside=""
        aria-hidden="true"
        title={`Look inside ${suggestion.name}`}
        className="ml-auto flex h-full w-8 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-pressed hover:text-ink coarse:w-11"
      >
        <ChevronRight size={15} strokeWidth={1.75} />
      </span>
    </div>
  );
}

// The arrow at the end of a line; a button of its own would be a control inside an option.
function isInside(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[data-inside]') !== null;
}
