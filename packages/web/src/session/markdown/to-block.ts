import type { MarkedToken, Token, Tokens } from 'marked';
import type { Align, Block, ListItem } from './node.ts';
import { toInline } from './to-inline.ts';

/** The blocks of a document, list item or quotation. */
export function toBlocks(tokens: readonly Token[]): Block[] {
  return tokens.flatMap((token) => toBlock(token as MarkedToken) ?? []);
}

/** One block, or undefined for what shows nothing (blank lines, link definitions). */
export function toBlock(token: MarkedToken): Block | undefined {
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return undefined;
    case 'paragraph':
      return { type: 'paragraph', children: toInline(token.tokens) };
    case 'text':
      return { type: 'paragraph', children: toInline(token.tokens ?? [token]) };
    case 'heading':
      return { type: 'heading', level: token.depth, children: toInline(token.tokens) };
    case 'code':
      return { type: 'code', language: toLanguage(token.lang), text: token.text, closed: isClosed(token) };
    case 'blockquote':
      return { type: 'quote', children: toBlocks(token.tokens) };
    case 'list':
      return toList(token);
    case 'table':
      return toTable(token);
    case 'hr':
      return { type: 'rule' };
    case 'html':
      return { type: 'source', text: token.raw.trimEnd() };
    default:
      return { type: 'paragraph', children: toInline([token]) };
  }
}

// "```ts title=x" names the language first.
function toLanguage(info: string | undefined): string {
  return /^[\w+#.-]+/.exec(info?.trim() ?? '')?.[0]?.toLowerCase() ?? '';
}

// A fence that has no end yet belongs to text that is still streaming.
function isClosed({ raw, codeBlockStyle }: Tokens.Code): boolean {
  if (codeBlockStyle === 'indented') return true;
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
  const last = raw.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const isFence = fence !== undefined && last.length >= fence.length && last === fence.charAt(0).repeat(last.length);
  return isFence && raw.trimEnd().includes('\n');
}

function toList(token: Tokens.List): Block {
  const start = token.ordered && typeof token.start === 'number' ? { start: token.start } : {};
  return { type: 'list', ...start, loose: token.loose, items: token.items.map(toListItem) };
}

function toListItem(item: Tokens.ListItem): ListItem {
  const children = toBlocks(item.tokens);
  return item.task ? { checked: item.checked === true, children } : { children };
}

function toTable(token: Tokens.Table): Block {
  return {
    type: 'table',
    align: token.align.map((align): Align => align ?? undefined),
    header: token.header.map((cell) => toInline(cell.tokens)),
    rows: token.rows.map((row) => row.map((cell) => toInline(cell.tokens))),
  };
}
