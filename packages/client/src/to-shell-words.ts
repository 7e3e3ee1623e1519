/** A command as one types it into a shell of POSIX: each word that a shell would not take as it is stands in quotes. */
export function toShellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}
