import type { MarkedToken, Token } from 'marked';
import { decodeEntities } from './entities.ts';
import type { Inline } from './node.ts';
import { toSafeImage, toSafeLink } from './safe-url.ts';

/** The tokens of a paragraph, heading or cell. HTML among them becomes the text it is written as. */
export function toInline(tokens: readonly Token[] | undefined): Inline[] {
  return joinText((tokens ?? []).flatMap((token) => toInlineNodes(token as MarkedToken)));
}

function toInlineNodes(token: MarkedToken): Inline[] {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? [{ type: 'text', text: decodeEntities(token.text) }] : toInline(token.tokens);
    case 'escape':
      return [{ type: 'text', text: token.text }];
    case 'codespan':
      return [{ type: 'code', text: token.text }];
    case 'strong':
      return [{ type: 'strong', children: toInline(token.tokens) }];
    case 'em':
      return [{ type: 'emphasis', children: toInline(token.tokens) }];
    case 'del':
      return [{ type: 'strike', children: toInline(token.tokens) }];
    case 'br':
      return [{ type: 'break' }];
    case 'link':
      return toLink(token);
    case 'image':
      return toImage(token);
    case 'checkbox':
      return [];
    default:
      return [{ type: 'text', text: token.raw }];
  }
}

// A link that may not be followed keeps its words; where it pointed is shown when the words hide it.
function toLink(token: Extract<MarkedToken, { type: 'link' }>): Inline[] {
  const children = toInline(token.tokens);
  const href = toSafeLink(token.autolink === true ? token.href : decodeEntities(token.href));
  if (href === undefined) return toUnlinked(children, token);
  const title = token.title ? { title: decodeEntities(token.title) } : {};
  return [{ type: 'link', href, ...title, children }];
}

function toUnlinked(children: Inline[], { href, text }: { href: string; text: string }): Inline[] {
  return text === href ? children : [...children, { type: 'text', text: ` (${href})` }];
}

function toImage(token: Extract<MarkedToken, { type: 'image' }>): Inline[] {
  const src = toSafeImage(token.href);
  if (src !== undefined) return [{ type: 'image', src, alt: decodeEntities(token.text) }];
  const href = toSafeLink(decodeEntities(token.href));
  const text = token.text === '' ? token.href : decodeEntities(token.text);
  const children: Inline[] = [{ type: 'text', text }];
  return href === undefined ? children : [{ type: 'link', href, children }];
}

function joinText(nodes: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { ...last, text: last.text + node.text };
    else joined.push(node);
  }
  return joined;
}
