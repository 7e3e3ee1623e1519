import { CircleAlert, FolderOpen } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { cx } from '../ui/cx.ts';
import { FolderPanel } from './folder-panel.tsx';
import { toFolderIntent, toMovedIndex, type FolderIntent } from './folder-keys.ts';
import { toInside } from './folder-listing.ts';
import { useFolders } from './use-folders.ts';

export interface FolderFieldProps {
  value: string;
  onChange(text: string): void;
  error?: string | undefined;
}

/** The folder a session works in: type a path, or walk there. Enter takes a folder, the right arrow looks inside it. */
export function FolderField({ value, onChange, error }: FolderFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const folders = useFolders(value);
  const highlighted = folders.suggestions[active];

  // A refusal about the folder leads to the field.
  useEffect(() => {
    if (error !== undefined) input.current?.focus();
  }, [error]);

  const type = (text: string, show = true) => {
    onChange(text);
    setActive(-1);
    setOpen(show);
  };
  const take = (path: string) => {
    type(path, false);
    input.current?.focus();
  };
  const lookInside = (path: string) => {
    type(toInside(path));
    input.current?.focus();
  };
  const follow = (intent: FolderIntent) => {
    if (intent.type === 'list') type(intent.text);
    else if (intent.type === 'take') take(intent.path);
    else if (intent.type === 'close') setOpen(false);
    else if (open) setActive(toMovedIndex(active, intent.step, folders.suggestions.length));
    else setOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const caretAtEnd = event.currentTarget.selectionStart === value.length;
    const intent = toFolderIntent(event, { text: value, open, highlighted: highlighted?.path, caretAtEnd });
    if (intent === undefined || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    follow(intent);
  };

  return (
    <div className="relative" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium text-ink-2">
        Folder
      </label>
      <div className="relative flex items-center">
        <FolderOpen
          size={16}
          strokeWidth={1.75}
          className="pointer-events-none absolute left-2.5 text-ink-3"
          aria-hidden="true"
        />
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={highlighted === undefined ? undefined : `${id}-${active}`}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={`${id}-error`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="A folder on the machine that runs Baton"
          value={value}
          onChange={(event) => type(event.target.value)}
          onPointerDown={() => setOpen(true)}
          onKeyDown={onKeyDown}
          className="h-8 w-full rounded-md border border-line-control bg-surface pr-2.5 pl-8.5 font-mono text-code placeholder:font-sans placeholder:text-ui aria-invalid:border-failed coarse:h-11 coarse:text-[max(16px,var(--ui-size))]"
        />
      </div>
      {open && (
        <FolderPanel
          id={id}
          anchor={input}
          folders={folders}
          active={active}
          onHover={setActive}
          onTake={take}
          onLookInside={lookInside}
          onWalk={(path) => lookInside(path)}
        />
      )}
      <p
        id={`${id}-error`}
        role={error === undefined ? undefined : 'alert'}
        className={cx('flex items-start gap-1.5 text-sm text-failed', error !== undefined && 'mt-1')}
      >
        {error !== undefined && <CircleAlert size={14} className="mt-px shrink-0" aria-hidden="true" />}
        {error}
      </p>
    </div>
  );
}
