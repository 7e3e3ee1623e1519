import { Lexer, type MarkedToken } from 'marked';
import type { Block } from './node.ts';
import { toBlock } from './to-block.ts';

/** One top-level block and the text it came from. The same text in the same place keeps the same value. */
export interface MarkdownPart {
  readonly raw: string;
  readonly block: Block;
}

export interface MarkdownDocument {
  readonly text: string;
  readonly parts: readonly MarkdownPart[];
}

// Beyond this the reader wants a file, not a page.
const MAX_CHARS = 400_000;
// Markdown that nests deeper than any person writes makes parsers slow or overflows their stack.
const DEEP_NESTING = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){24}/m;

/**
 * Text as a tree of plain values. Given the document before, when the text only grew, just the last blocks are read
 * again; all others keep their identity.
 */
export function parseMarkdown(source: string, previous?: MarkdownDocument): MarkdownDocument {
  const text = source.replaceAll(/\r\n?/g, '\n');
  if (previous?.text === text) return previous;
  const kept = toSettledParts(text, previous);
  const parts = [...kept, ...readParts(text.slice(toLength(kept)))];
  return { text, parts: parts.map((part, index) => reuse(part, previous?.parts[index])) };
}

// A block is settled once another has begun after the one that follows it: nothing that comes later changes it.
function toSettledParts(text: string, previous: MarkdownDocument | undefined): readonly MarkdownPart[] {
  if (previous === undefined || !text.startsWith(previous.text)) return [];
  return toLength(previous.parts) === previous.text.length ? previous.parts.slice(0, -2) : [];
}

function toLength(parts: readonly MarkdownPart[]): number {
  return parts.reduce((sum, part) => sum + part.raw.length, 0);
}

function reuse(part: MarkdownPart, before: MarkdownPart | undefined): MarkdownPart {
  return before?.raw === part.raw ? before : part;
}

// What shows nothing, such as blank lines, belongs to the text of the block before it, or of the first one.
function readParts(source: string): MarkdownPart[] {
  if (source.length > MAX_CHARS || DEEP_NESTING.test(source)) return [toPlainPart(source)];
  const parts: MarkdownPart[] = [];
  let leading = '';
  for (const token of new Lexer({ gfm: true }).lex(source) as MarkedToken[]) {
    const block = toBlock(token);
    const last = parts.at(-1);
    if (block !== undefined) parts.push({ raw: leading + token.raw, block });
    else if (last !== undefined) parts[parts.length - 1] = { ...last, raw: last.raw + token.raw };
    leading = parts.length === 0 ? leading + token.raw : '';
  }
  return parts;
}

function toPlainPart(source: string): MarkdownPart {
  return { raw: source, block: { type: 'code', language: '', text: source, closed: true } };
}
