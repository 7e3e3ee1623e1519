/** A glob as a regular expression over the whole text. `*` and `?` do not cross `separator`; `**` does. */
export function toGlobPattern(glob: string, separator: '/' | ''): RegExp {
  const within = separator === '' ? '[\\s\\S]' : '[^/]';
  const source = glob.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|[\\^$.+()|{}[\]]/g, (token) => {
    if (token === '**/' && separator === '/') return '(?:[^/]*/)*';
    // A folder and all that is in it.
    if (token === '/**' && separator === '/') return '(?:/[\\s\\S]*)?';
    if (token.includes('**')) return token.replace('**', '[\\s\\S]*');
    if (token === '*') return `${within}*`;
    if (token === '?') return within;
    return `\\${token}`;
  });
  return new RegExp(`^(?:${source})$`, 'u');
}

/** A name or a word, as a whole. */
export function matchesWord(glob: string, word: string): boolean {
  return toGlobPattern(glob, '').test(word);
}

/** An absolute path with `/`, as a whole; a glob that is not absolute is meant below `folder`. */
export function matchesPath(glob: string, { path, folder }: { path: string; folder: string }): boolean {
  if (isAbsolutePath(glob)) return toGlobPattern(toSlashes(glob), '/').test(toSlashes(path));
  const below = toSlashes(folder).replace(/\/$/, '');
  const wanted = toSlashes(path);
  if (!wanted.startsWith(`${below}/`)) return false;
  return toGlobPattern(glob.replace(/^\.\//, ''), '/').test(wanted.slice(below.length + 1));
}

function isAbsolutePath(glob: string): boolean {
  return glob.startsWith('/') || glob.startsWith('**') || /^[A-Za-z]:[\\/]/.test(glob) || glob.startsWith('\\\\');
}

// On Windows both are separators; elsewhere a backslash is a letter of a name, and real paths there begin with "/".
function toSlashes(path: string): string {
  return path.startsWith('/') ? path : path.replaceAll('\\', '/');
}
