import type { FileDiff } from '@baton/protocol';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { DiffView } from '../diff/diff-view.tsx';
import { Changes } from '../tool/changes.tsx';
import { PathText } from '../tool/path-text.tsx';

export interface FileDiffListProps {
  files: readonly FileDiff[];
  /** What a change means here, in one or two words. */
  toWords(change: FileDiff['change']): string;
  /** With it each file can be chosen; paths of those that are. */
  chosen?: ReadonlySet<string> | undefined;
  onChoose?(path: string, chosen: boolean): void;
}

/** Files with how they differ; each opens its diff in place. */
export function FileDiffList({ files, toWords, chosen, onChoose }: FileDiffListProps) {
  return (
    <ul className="flex flex-col">
      {files.map((file) => (
        <FileEntry
          key={file.path}
          file={file}
          words={toWords(file.change)}
          chosen={chosen?.has(file.path)}
          onChoose={(value) => onChoose?.(file.path, value)}
        />
      ))}
    </ul>
  );
}

interface FileEntryProps {
  file: FileDiff;
  words: string;
  chosen: boolean | undefined;
  onChoose(chosen: boolean): void;
}

function FileEntry({ file, words, chosen, onChoose }: FileEntryProps) {
  const [open, setOpen] = useState(false);
  const { path, from, patch } = file;
  const canOpen = patch !== undefined && patch !== '';
  const line = (
    <>
      <ChevronRight
        size={14}
        strokeWidth={1.75}
        aria-hidden="true"
        className={cx(
          'shrink-0 text-ink-3 transition-[rotate] duration-100',
          open && 'rotate-90',
          !canOpen && 'invisible',
        )}
      />
      <PathText path={path} title={from === undefined ? path : `${from} → ${path}`} className="flex-1 text-xs" />
      {file.binary ? (
        <span className="text-xs text-ink-3">binary</span>
      ) : (
        <Changes added={file.added} removed={file.removed} />
      )}
      <span className="shrink-0 text-xs text-ink-3">{words}</span>
    </>
  );
  const lineClass = 'flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-md px-1 text-left coarse:min-h-11';
  return (
    <li>
      <div className="flex items-center gap-1.5">
        {chosen !== undefined && (
          <label className="touch flex size-5 shrink-0 items-center justify-center">
            <input
              type="checkbox"
              aria-label={`Restore ${path}`}
              checked={chosen}
              onChange={(event) => onChoose(event.target.checked)}
              className="size-3.5 accent-(--accent)"
            />
          </label>
        )}
        {canOpen ? (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className={cx(lineClass, 'hover:bg-hover')}
          >
            {line}
          </button>
        ) : (
          <div className={lineClass}>{line}</div>
        )}
      </div>
      {open && patch !== undefined && (
        <div className="mt-1 mb-2">
          <DiffView path={path} patch={patch} />
        </div>
      )}
    </li>
  );
}
