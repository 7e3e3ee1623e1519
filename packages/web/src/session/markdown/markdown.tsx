import { memo, useState } from 'react';
import { BlockView } from './block-view.tsx';
import { parseMarkdown, type MarkdownDocument } from './parse-markdown.ts';
import { cx } from '../../ui/cx.ts';

export interface MarkdownProps {
  text: string;
  /** More text is coming: a caret stands at the end. */
  streaming?: boolean;
  className?: string;
}

/** Markdown as typography. While it streams, only its last block renders anew. */
export const Markdown = memo(function Markdown({ text, streaming = false, className }: MarkdownProps) {
  const [read] = useState(createReader);
  const { parts } = read(text, streaming);
  return (
    <div className={cx('prose', className)} data-streaming={streaming || undefined}>
      {parts.map((part, index) => (
        <BlockView key={index} block={part.block} />
      ))}
    </div>
  );
});

// What refers to a link that is defined further down is read right once the text is whole.
function createReader() {
  let last: { document: MarkdownDocument; streaming: boolean } | undefined;
  return (text: string, streaming: boolean): MarkdownDocument => {
    if (last !== undefined && last.streaming === streaming && last.document.text === text) return last.document;
    last = { document: parseMarkdown(text, streaming ? last?.document : undefined), streaming };
    return last.document;
  };
}
