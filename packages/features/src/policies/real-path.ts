import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Where a path that an agent named leads: absolute, without links as far as it exists; undefined when that cannot be told. */
export async function toRealPath(path: string, folder: string): Promise<string | undefined> {
  // Who expands "~" is the agent's business.
  if (path.startsWith('~') || path.includes('\0')) return undefined;
  const wanted = isAbsolute(path) ? resolve(path) : resolve(folder, path);
  const missing: string[] = [];
  for (let existing = wanted; ; existing = dirname(existing)) {
    const real = await realpath(existing).catch(toMissing);
    if (real === 'broken') return undefined;
    if (real !== 'missing') return join(real, ...missing);
    if (existing === dirname(existing)) return undefined;
    missing.unshift(existing.slice(dirname(existing).length).replace(/^[\\/]/, ''));
  }
}

// A link to nowhere looks like a missing file, and writing to it makes one elsewhere: see `readFacts`.
function toMissing(cause: unknown): 'missing' | 'broken' {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'missing' : 'broken';
}
