/** The last part of a path. */
export function toFolderName(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  return parts.at(-1) ?? path;
}

/** A path that fits a line: home as `~`, and of a long one the last three parts. */
export function toShortPath(path: string): string {
  const home = path.replace(/^(\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/, '~');
  const parts = home.split('/');
  return parts.length > 4 ? `…/${parts.slice(-3).join('/')}` : home;
}
