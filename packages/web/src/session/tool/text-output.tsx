import { useMemo, useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { CodeText } from '../code/code-text.tsx';
import type { Language } from '../code/languages.ts';
import { stripAnsi } from '../terminal/ansi.ts';
import { formatTokens } from '../figures.ts';
import { cutHead } from './cut-lines.ts';
import { MoreButton } from './more-button.tsx';
import { OutputFrame } from './output-frame.tsx';

export interface TextOutputProps {
  text: string;
  language?: Language | undefined;
  /** Numbers in the margin, from this one. */
  firstLine?: number | undefined;
  cut?: number | undefined;
}

const HEAD = 14;

/** Text that a tool gave: its first lines, all of it on request. */
export function TextOutput({ text, language, firstLine, cut }: TextOutputProps) {
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => stripAnsi(text).replace(/\n+$/, '').split('\n'), [text]);
  const { shown, hidden } = whole ? { shown: lines, hidden: 0 } : cutHead(lines, HEAD);
  return (
    <OutputFrame copy={text}>
      <pre
        className={cx(
          'scroll-thin flex max-h-[70vh] gap-3 overflow-auto px-3 py-2 text-code text-(--code-text)',
          // Code keeps its lines; prose and messages break.
          language === undefined && firstLine === undefined && 'wrap-anywhere whitespace-pre-wrap',
        )}
        tabIndex={0}
      >
        {firstLine !== undefined && (
          <span aria-hidden="true" className="tabular shrink-0 text-right text-ink-3 select-none">
            {shown.map((_, index) => firstLine + index).join('\n')}
          </span>
        )}
        <CodeText code={shown.join('\n')} language={language} />
      </pre>
      {hidden > 0 && <MoreButton hidden={hidden} where="below" onOpen={() => setWhole(true)} />}
      {cut !== undefined && cut > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
          {formatTokens(cut)} characters were left out of the record.
        </p>
      )}
    </OutputFrame>
  );
}
