/** Markdown as one run of plain words, for a card of three lines. */
export function toPlainPreview(markdown: string): string {
  return markdown
    .replace(/```[^\n]*\n?/g, ' ')
    .replace(/^[ \t]*\|?[ \t]*:?-{3,}[-:| \t]*$/gm, ' ')
    .replace(/^[ \t]*\|(.*)$/gm, (_, row: string) => `${toCells(row)}.`)
    .replace(/^\s{0,3}(#{1,6}|[-*+]|\d+[.)]|>)\s+/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`|~~)/g, '')
    .replace(/(^|\s)[*_](\S|\S[^*_\n]*\S)[*_](?=[\s.,;:!?]|$)/g, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}

// A row of a table: its cells, as a list in a sentence.
function toCells(row: string): string {
  return row
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
    .filter((cell) => cell !== '')
    .join(', ');
}
