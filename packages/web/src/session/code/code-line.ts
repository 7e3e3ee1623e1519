/** A stretch of code in one colour; none means the colour of text. */
export interface CodeToken {
  readonly text: string;
  readonly className: string | undefined;
}

export type CodeLine = readonly CodeToken[];

/** Code without colours yet, line by line. */
export function toPlainLines(code: string): CodeLine[] {
  return code.split('\n').map((text) => (text === '' ? [] : [{ text, className: undefined }]));
}

/**
 * Code whose beginning was coloured before: those lines keep their colours, the rest is plain until its turn comes.
 * The last coloured line may have grown, so it is plain again.
 */
export function extendLines(
  code: string,
  before: { code: string; lines: readonly CodeLine[] } | undefined,
): CodeLine[] {
  if (before === undefined || !code.startsWith(before.code)) return toPlainLines(code);
  const plain = toPlainLines(code);
  return plain.map((line, index) => (index < before.lines.length - 1 ? (before.lines[index] ?? line) : line));
}
