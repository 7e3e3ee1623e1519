import type { SearchHit } from '@baton/protocol';
import { RelativeTime } from '../ui/relative-time.tsx';
import { toPieces } from './to-pieces.ts';

/** The words around one hit, those that matched marked, and when they were said. */
export function HitRow({ hit }: { hit: SearchHit }) {
  return (
    <>
      <span className="line-clamp-2 min-w-0 flex-1 text-sm break-words text-ink-2">
        {toPieces(hit.text, hit.marks).map((piece, index) =>
          piece.marked ? (
            <mark key={index} className="rounded-xs bg-accent-soft font-medium text-accent">
              {piece.text}
            </mark>
          ) : (
            toPlain(piece.text)
          ),
        )}
      </span>
      <RelativeTime at={hit.at} className="tabular shrink-0 text-xs text-ink-3 group-aria-selected/option:text-ink-2" />
    </>
  );
}

// What a person reads of Markdown: the words.
function toPlain(text: string): string {
  return text.replace(/\*\*|__|~~|`+/g, '').replace(/(^|\s)(#{1,6}|[-*])(?=\s)/g, '$1');
}
