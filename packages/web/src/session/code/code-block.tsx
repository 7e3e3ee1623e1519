import { memo } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { CodeText } from './code-text.tsx';
import { toLanguage } from './languages.ts';

export interface CodeBlockProps {
  code: string;
  /** As it was written after the fence; may be empty or unknown. */
  language: string;
}

/** A fenced block: its language, its text, and a button to copy it. */
export const CodeBlock = memo(function CodeBlock({ code, language }: CodeBlockProps) {
  return (
    <figure className="group/code relative overflow-hidden rounded-md border border-line bg-sunken">
      <figcaption className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3 text-xs text-ink-3">
        {language === '' ? 'text' : language}
        <CopyButton text={code} label="Copy code" />
      </figcaption>
      <pre className="scroll-thin overflow-x-auto px-3 py-2.5 text-code text-(--code-text)" tabIndex={0}>
        <CodeText code={code} language={toLanguage(language)} />
      </pre>
    </figure>
  );
});
