import type { ThemeRegistration } from 'shiki/types';

// Few colours: what is said about a program by its structure, not by a rainbow. The values are in session.css.
const SCOPES = {
  comment: ['comment', 'punctuation.definition.comment', 'string.quoted.docstring'],
  string: [
    'string',
    'punctuation.definition.string',
    'markup.inline.raw',
    'markup.fenced_code',
    'constant.character.escape',
    'string.regexp',
  ],
  number: [
    'constant.numeric',
    'constant.language',
    'constant.other.color',
    'keyword.other.unit',
    'variable.other.enummember',
  ],
  keyword: [
    'keyword',
    'storage',
    'keyword.operator.new',
    'keyword.operator.expression',
    'keyword.operator.logical.python',
    'variable.language',
    'punctuation.definition.template-expression',
    'punctuation.section.embedded',
    'entity.name.section.group-title',
  ],
  function: [
    'entity.name.function',
    'support.function',
    'meta.function-call entity.name.function',
    'variable.function',
  ],
  type: [
    'entity.name.type',
    'entity.name.class',
    'support.class',
    'support.type',
    'entity.other.inherited-class',
    'storage.type.rust',
  ],
  tag: ['entity.name.tag', 'support.class.component', 'punctuation.definition.tag'],
  attribute: [
    'entity.other.attribute-name',
    'support.type.property-name',
    'meta.object-literal.key',
    'variable.other.property.json',
    'entity.name.tag.yaml',
    'support.type.property-name.json',
    'variable.parameter.function.shell',
  ],
  heading: ['markup.heading', 'entity.name.section'],
  inserted: ['markup.inserted'],
  deleted: ['markup.deleted'],
  punctuation: ['punctuation', 'keyword.operator', 'meta.brace', 'storage.type.function.arrow'],
} as const;

type TokenName = keyof typeof SCOPES;

export const codeTheme = {
  name: 'baton',
  type: 'light',
  fg: 'var(--code-text)',
  bg: 'transparent',
  // Broad scopes first: of two that match equally, the later one wins.
  settings: [
    { settings: { foreground: 'var(--code-text)' } },
    ...(['punctuation', ...Object.keys(SCOPES).filter((name) => name !== 'punctuation')] as TokenName[]).map(
      (name) => ({
        scope: [...SCOPES[name]],
        settings: { foreground: `var(--code-${name})` },
      }),
    ),
  ],
} satisfies ThemeRegistration;

/** The class of a token's colour in the theme above; undefined for plain text. */
export function toTokenClass(colour: string | undefined): string | undefined {
  const name = /^var\(--code-([a-z]+)\)$/i.exec(colour ?? '')?.[1]?.toLowerCase();
  return name === undefined || name === 'text' ? undefined : `code-${name}`;
}
