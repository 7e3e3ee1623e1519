/** Keeps the beginning and the end of a long text and says how many characters of its middle are left out. */
export function cutMiddle(text: string, max: number): { text: string; cut?: number } {
  if (text.length <= max) return { text };
  const head = Math.floor(max / 2);
  const cut = text.length - max;
  return { text: `${text.slice(0, head)}\n… ${cut} characters left out …\n${text.slice(cut + head)}`, cut };
}

const MAX_STRING = 50_000;

/** The same value with its long strings cut, so that one call cannot fill the log. */
export function cutStrings(value: unknown): unknown {
  if (typeof value === 'string') return cutMiddle(value, MAX_STRING).text;
  if (Array.isArray(value)) return value.map(cutStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cutStrings(inner)]));
}
