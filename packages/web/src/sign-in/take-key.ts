/** The key in a fragment such as `#key=abc`, and the fragment without it. */
export function splitKey(hash: string): { key?: string; rest: string } {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const key = params.get('key') ?? undefined;
  if (key === undefined) return { rest: hash };
  params.delete('key');
  const rest = params.toString();
  return { ...(key === '' ? {} : { key }), rest: rest === '' ? '' : `#${rest}` };
}

/**
 * Takes the key out of the address bar and its history entry, before anything is rendered or sent.
 * The fragment never reaches a server; here it does not stay in the browser either.
 */
export function takeKey(page: Pick<Window, 'location' | 'history'>): string | undefined {
  const { key, rest } = splitKey(page.location.hash);
  if (!page.location.hash.includes('key=')) return undefined;
  page.history.replaceState(page.history.state, '', `${page.location.pathname}${page.location.search}${rest}`);
  return key;
}
