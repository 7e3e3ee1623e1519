import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';

/**
 * What git said of trees before: each question that is not asked again is a process less that a prompt waits for.
 *
 * - A tree is known of an index that nobody has written since.
 * - The number of files between two trees never changes.
 */
export interface KnownTrees {
  findTree(index: string): Promise<string | undefined>;
  keepTree(index: string, tree: string): Promise<void>;
  findCount(from: string, to: string): number | undefined;
  keepCount(from: string, to: string, count: number): void;
  /** Objects that nothing names may be gone. */
  forgetTrees(): void;
}

const MOST_TREES = 256;
const MOST_COUNTS = 1024;

export function createKnownTrees(): KnownTrees {
  const trees = new Map<string, { state: string; tree: string }>();
  const counts = new Map<string, number>();
  return {
    async findTree(index) {
      const known = trees.get(index);
      return known !== undefined && known.state === (await readState(index)) ? known.tree : undefined;
    },
    async keepTree(index, tree) {
      const state = await readState(index);
      if (state !== undefined) keepBounded(trees, { key: index, value: { state, tree }, most: MOST_TREES });
    },
    findCount: (from, to) => counts.get(toPair(from, to)),
    keepCount: (from, to, count) => keepBounded(counts, { key: toPair(from, to), value: count, most: MOST_COUNTS }),
    forgetTrees: () => trees.clear(),
  };
}

const toPair = (from: string, to: string): string => `${from} ${to}`;

// Git puts another file in the place of an index that it changes.
async function readState(index: string): Promise<string | undefined> {
  const found: BigIntStats | undefined = await lstat(index, { bigint: true }).catch(() => undefined);
  return found && [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}

// The oldest goes.
function keepBounded<T>(map: Map<string, T>, { key, value, most }: { key: string; value: T; most: number }): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
