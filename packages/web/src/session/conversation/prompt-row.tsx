import { FileText } from 'lucide-react';
import { memo, useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { toExactTime } from '../../ui/time-words.ts';
import { ZoomImage } from '../../ui/zoom-image.tsx';
import { toSafeImage } from '../markdown/safe-url.ts';
import type { PromptRow } from './row.ts';
import { splitMentions, splitPrompt } from './split-prompt.ts';

const FOLDED_CHARS = 1200;
const FOLDED_LINES = 14;

/** What somebody said to the agent: a quiet card, flush right; grey until it is in the log. */
export const PromptRowView = memo(function PromptRowView({ row }: { row: PromptRow }) {
  const { text, images, files } = splitPrompt(row.input);
  const byAgent = row.depth > 0;
  const { title, place } = toPlace(row);
  const isFromElsewhere = row.by === 'agent' && !byAgent;
  return (
    <div className={cx('flex flex-col gap-2', place)}>
      <h2 className="sr-only">{title}</h2>
      {images.length > 0 && <PromptImages images={images} />}
      {(text !== '' || files.length > 0) && (
        <div
          title={row.at === undefined ? undefined : toExactTime(Date.parse(row.at))}
          className={cx(
            'min-w-0 rounded-lg border px-3.5 py-2.5 text-base leading-relaxed',
            byAgent
              ? 'max-w-full border-line bg-transparent text-ink-2'
              : 'max-w-[min(36rem,88%)] border-line bg-raised',
            row.sending && 'text-ink-3',
          )}
        >
          {text !== '' && <PromptText text={text} />}
          {files.length > 0 && <PromptFiles files={files} spaced={text !== ''} />}
        </div>
      )}
      {isFromElsewhere && <span className="text-xs text-ink-3">Typed in the agent’s own program</span>}
      {row.sending && (
        <span role="status" className="text-xs text-ink-3">
          Sending
        </span>
      )}
    </div>
  );
});

function toPlace({ depth, within }: PromptRow): { title: string; place: string } {
  if (depth > 0) return { title: 'Task of the subagent', place: 'items-start py-1' };
  if (within) return { title: 'Sent into the turn', place: 'items-end py-2' };
  return { title: 'Prompt', place: 'items-end pt-6 pb-3' };
}

function PromptText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const isLong = text.length > FOLDED_CHARS || text.split('\n').length > FOLDED_LINES;
  const shown =
    isLong && !whole ? `${text.split('\n').slice(0, FOLDED_LINES).join('\n').slice(0, FOLDED_CHARS)}…` : text;
  return (
    <>
      <p className="break-words whitespace-pre-wrap">
        <MentionedText text={shown} />
      </p>
      {isLong && (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="touch mt-1 text-xs font-medium text-ink-3 hover:text-ink"
        >
          {whole ? 'Show less' : 'Show all of it'}
        </button>
      )}
    </>
  );
}

function MentionedText({ text }: { text: string }) {
  return splitMentions(text).map((piece, index) =>
    piece.mention ? (
      <span key={index} className="rounded-xs bg-accent-soft px-0.5 font-mono text-[0.92em] text-accent">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}

function PromptImages({ images }: { images: readonly { src: string }[] }) {
  return (
    <div className="flex flex-wrap items-start justify-end gap-2">
      {images.map((image, index) => {
        const src = toSafeImage(image.src);
        return src === undefined ? null : (
          <ZoomImage
            key={index}
            src={src}
            alt={`Attached, ${index + 1} of ${images.length}`}
            className="max-h-52 max-w-[min(18rem,80vw)] rounded-lg border border-line object-contain"
          />
        );
      })}
    </div>
  );
}

function PromptFiles({ files, spaced }: { files: readonly string[]; spaced: boolean }) {
  return (
    <ul className={cx('flex flex-wrap gap-1.5', spaced && 'mt-2')}>
      {files.map((path) => (
        <li
          key={path}
          className="flex max-w-full items-center gap-1 rounded-sm border border-line bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink-2"
        >
          <FileText size={12} strokeWidth={1.75} aria-hidden="true" className="shrink-0 text-ink-3" />
          <span className="truncate">{path}</span>
        </li>
      ))}
    </ul>
  );
}
