/**
 * What a person types, as a query of SQLite's FTS5: all words have to be there, "quoted words" stand together, and the last
 * word may be unfinished. Undefined when there is no word in it. Nothing a person types is syntax.
 */
export function toFullTextQuery(typed: string): string | undefined {
  // SQLite takes a text up to its first NUL.
  const terms = [...typed.replaceAll('\0', ' ').matchAll(/"([^"]*)"|(\S+)/gu)].flatMap(([, quoted, word]) => {
    const text = quoted ?? word ?? '';
    return HAS_WORD.test(text) ? [{ text, isOpen: quoted === undefined }] : [];
  });
  const last = terms.at(-1);
  if (last === undefined) return undefined;
  const isOpen = last.isOpen && !/["\s]$/u.test(typed);
  // The first letter of a further word fits nearly everything: to look it all up would cost more than it tells.
  const isIdle = isOpen && terms.length > 1 && /^[a-z0-9]$/iu.test(last.text);
  return (isIdle ? terms.slice(0, -1) : terms)
    .map((term) => `"${term.text.replaceAll('"', '""')}"${term === last && isOpen ? '*' : ''}`)
    .join(' AND ');
}

// The tokenizer keeps letters and digits; what has none of them matches nothing.
const HAS_WORD = /[\p{L}\p{N}]/u;

/** Marks around matches in a snippet: two characters of the private use area, which no text should have. */
export const MARK = { start: '\uE000', end: '\uE001' } as const;

/** A marked snippet as its text and where the matches stand in it. */
export function toMarks(snippet: string): { text: string; marks: { start: number; end: number }[] } {
  const marks: { start: number; end: number }[] = [];
  let text = '';
  let start: number | undefined;
  for (const part of snippet.split(/([\uE000\uE001])/u)) {
    if (part === MARK.start) start = text.length;
    else if (part === MARK.end) {
      if (start !== undefined) marks.push({ start, end: text.length });
      start = undefined;
    } else text += part;
  }
  return { text, marks };
}
