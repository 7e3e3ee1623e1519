/** Text of an entry by weight: a hit in an earlier text counts more. */
export interface Ranked {
  texts: readonly string[];
}

/** How well a query fits, higher is better, 0 when a word of it is nowhere. */
export function toScore(query: string, { texts }: Ranked): number {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return 1;
  let total = 0;
  for (const word of words) {
    const best = Math.max(0, ...texts.map((text, index) => toTextScore(word, text.toLowerCase()) / (index + 1)));
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

function toTextScore(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === -1) return 0;
  if (at === 0) return text.length === word.length ? 12 : 10;
  return /[\s/\\._-]/.test(text[at - 1] ?? '') ? 7 : 4;
}

/** The entries that fit, best first; equals keep their order. */
export function rank<E extends Ranked>(query: string, entries: readonly E[]): E[] {
  return entries
    .map((entry) => ({ entry, score: toScore(query, entry) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}
