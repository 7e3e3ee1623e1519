import { Fragment, memo, useMemo, type CSSProperties } from 'react';
import { parseAnsi, type TerminalLine } from './ansi.ts';
import { toCssColour, toCssGround } from './colour.ts';
import { plainStyle, type TextStyle } from './text-style.ts';

/** Lines of an output as a terminal shows them; selection copies plain text. */
export const TerminalLines = memo(function TerminalLines({ lines }: { lines: readonly TerminalLine[] }) {
  return lines.map((line, index) => (
    <Fragment key={index}>
      {index > 0 && '\n'}
      {line.map((span, place) =>
        span.style === plainStyle ? (
          span.text
        ) : (
          <span key={place} style={toCss(span.style)}>
            {span.text}
          </span>
        ),
      )}
    </Fragment>
  ));
});

/** The lines of an output; parsed once per text. */
export function useTerminalLines(text: string): readonly TerminalLine[] {
  return useMemo(() => parseAnsi(text), [text]);
}

function toCss(style: TextStyle): CSSProperties {
  return {
    ...toColours(style),
    fontWeight: style.bold ? 600 : undefined,
    fontStyle: style.italic ? 'italic' : undefined,
    textDecoration: toDecoration(style),
    visibility: style.hidden ? 'hidden' : undefined,
  };
}

// Dimmed text without a colour of its own takes the quietest ink that can still be read.
function toColours({ fg, bg, dim, inverse }: TextStyle): CSSProperties {
  const quiet = dim === true ? 'var(--ink-3)' : undefined;
  const color = fg === undefined ? quiet : toCssColour(fg);
  if (inverse === true) return { color: 'var(--sunken)', backgroundColor: color ?? 'var(--ink-2)' };
  return { color, backgroundColor: bg === undefined ? undefined : toCssGround(bg) };
}

function toDecoration({ underline, strike }: TextStyle): string | undefined {
  if (underline !== true && strike !== true) return undefined;
  return [underline === true ? 'underline' : '', strike === true ? 'line-through' : ''].join(' ').trim();
}
