/**
 * What a person types, as a query of SQLite's FTS5: all words have to be there, "quoted words" stand together, and the last
 * word may be unfinished. Undefined when there is no word in it. Nothing a person types is syntax.
 */
export function toFullTextQuery(typed: string): string | undefined {
  // SQLite takes a text up to its first NUL.
  const terms = [...typed.replaceAll(/[\0\x1f]/gu, ' ').matchAll(/"([^"]*)"|(\S+)/gu)].flatMap(([, quoted, word]) => {
    const text = quoted ?? word ?? '';
    return HAS_WORD.test(text) ? [{ text, isOpen: quoted === undefined }] : [];
  });
  const last = terms.at(-1);
  if (last === undefined) return undefined;
  const isOpen = last.isOpen && !/["\s]$/u.test(typed);
  // The first letter of a further word fits nearly everything: to look it all up would cost more than it tells.
  const isIdle = isOpen && terms.length > 1 && /^[a-z0-9]$/iu.test(last.text);
  return (isIdle ? terms.slice(0, -1) : terms)
    .map((term) => `"${toIndexed(term.text).replaceAll('"', '""')}"${term === last && isOpen ? '*' : ''}`)
    .join(' AND ');
}

// The tokenizer keeps letters and digits; what has none of them matches nothing.
const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * A text as it is kept for the full-text index. Chinese, Japanese, Thai and their like put no space between words, and the
 * tokenizer would take a whole sentence for one: each letter of theirs is set apart, and what is searched for is found as
 * letters that stand together. `toMarks` takes the separators out again. What a snippet of it would be cut at, or would take
 * for a mark, is a space, and the text comes back as it was given.
 */
export function toIndexed(text: string): string {
  const plain = text.toWellFormed().replace(NOT_KEPT, ' ');
  return HAS_UNSPACED.test(plain) ? plain.replace(BESIDE_UNSPACED, SEPARATOR) : plain;
}

/** How many words a snippet has; where each letter is one, more of them. */
export function toSnippetWords(typed: string): number {
  return HAS_UNSPACED.test(typed) ? 48 : 24;
}

// Not a letter for the tokenizer, and one byte in the file.
const SEPARATOR = '\x1f';
const UNSPACED =
  '[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]';
const WORD = '[\\p{L}\\p{N}]';
const HAS_UNSPACED = new RegExp(`(?=${WORD})${UNSPACED}`, 'u');
const BESIDE_UNSPACED = new RegExp(
  `(?<=(?=${WORD})${UNSPACED}\\p{M}*)(?=${WORD})|(?<=${WORD}\\p{M}*)(?=(?=${WORD})${UNSPACED})`,
  'gu',
);

/** Marks around matches in a snippet: two characters of the private use area, which no text should have. */
export const MARK = { start: '\uE000', end: '\uE001' } as const;

// FTS5 makes its snippets with functions that take a text up to its first NUL.
const NOT_KEPT = /[\0\uE000\uE001]/gu;

/** A marked snippet as its text and where the matches stand in it. */
export function toMarks(snippet: string): { text: string; marks: { start: number; end: number }[] } {
  const marks: { start: number; end: number }[] = [];
  let text = '';
  let start: number | undefined;
  for (const part of snippet.replaceAll(SEPARATOR, '').split(/([\uE000\uE001])/u)) {
    if (part === MARK.start) start = text.length;
    else if (part === MARK.end) {
      if (start !== undefined) marks.push({ start, end: text.length });
      start = undefined;
    } else text += part;
  }
  return { text, marks };
}
