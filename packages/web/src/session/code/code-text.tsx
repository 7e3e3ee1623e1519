import { Fragment, memo } from 'react';
import type { CodeLine } from './code-line.ts';
import type { Language } from './languages.ts';
import { useHighlight } from './use-highlight.ts';

export interface CodeTextProps {
  code: string;
  language: Language | undefined;
}

/** Code in mono, coloured when its turn comes. The caller gives the `pre`. */
export const CodeText = memo(function CodeText({ code, language }: CodeTextProps) {
  const lines = useHighlight(code, language);
  return (
    <code>
      {lines.map((line, index) => (
        <Fragment key={index}>
          {index > 0 && '\n'}
          <CodeLineText line={line} />
        </Fragment>
      ))}
    </code>
  );
});

const CodeLineText = memo(function CodeLineText({ line }: { line: CodeLine }) {
  return line.map((token, index) =>
    token.className === undefined ? (
      token.text
    ) : (
      <span key={index} className={token.className}>
        {token.text}
      </span>
    ),
  );
});
