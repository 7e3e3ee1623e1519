/**
 * Puts the home page under a page that was opened by its address, so that the first step back goes one level up and not
 * out of Baton. Only for a fresh entry: after a reload the entries are there already.
 */
export function seedHistory(page: Pick<Window, 'location' | 'history'>): void {
  const { pathname, search, hash } = page.location;
  if (pathname === '/' || page.history.state !== null) return;
  page.history.replaceState(null, '', '/');
  page.history.pushState(null, '', `${pathname}${search}${hash}`);
}
