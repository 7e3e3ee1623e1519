import { useEffect, useRef } from 'react';
import { cx } from '../../ui/cx.ts';
import { PathText } from '../tool/path-text.tsx';
import type { Suggestions } from './use-suggestions.ts';

export interface SuggestionListProps {
  id: string;
  suggestions: Suggestions;
  chosen: number;
  onChoose(index: number): void;
}

/** The menu above the composer; the keyboard stays in the text and moves through it from there. */
export function SuggestionList({ id, suggestions, chosen, onChoose }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const isFile = suggestions.trigger.kind === 'file';
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={isFile ? 'Files' : 'Commands'}
      className="scroll-thin absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float"
    >
      {suggestions.list.map((suggestion, index) => (
        <div
          key={suggestion.value}
          id={`${id}-${index}`}
          data-index={index}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // The text keeps the keyboard.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className={cx(
            'flex min-h-8 items-center gap-3 rounded-md px-2 py-1 text-sm coarse:min-h-11',
            index === chosen ? 'bg-hover' : 'hover:bg-hover',
          )}
        >
          {isFile ? (
            <PathText path={suggestion.title} className="text-xs" />
          ) : (
            <>
              <span className="shrink-0 font-mono text-xs text-ink">{suggestion.title}</span>
              <span className="min-w-0 truncate text-ink-3">{suggestion.hint}</span>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
