import { type Dirent, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSessionRef } from '@baton/core';

/** How many questions to the file system are open at once. */
const WIDTH = 16;

export interface FileSearch {
  root: string;
  /** How many folders deep the files lie: 0 is in the root itself. */
  depth: number;
  /** Whether a folder on the way is entered; default: all but hidden ones. */
  enters?(name: string, level: number): boolean;
  isWanted(name: string): boolean;
}

/** The wanted files below a folder, as refs relative to it with `/`. Reads names, sizes and times; empty files are none. */
export async function* listFiles(search: FileSearch): AsyncGenerator<StoredSessionRef> {
  yield* listFolder(search, [], 0);
}

async function* listFolder(
  search: FileSearch,
  path: readonly string[],
  level: number,
): AsyncGenerator<StoredSessionRef> {
  const entries = await readFolder(join(search.root, ...path));
  if (level < search.depth) {
    for (const { name } of entries.filter((entry) => isFolder(entry) && enters(search, entry.name, level))) {
      yield* listFolder(search, [...path, name], level + 1);
    }
    return;
  }
  const names = entries.filter((entry) => !entry.isDirectory() && search.isWanted(entry.name)).map(({ name }) => name);
  for (let index = 0; index < names.length; index += WIDTH) {
    const batch = names.slice(index, index + WIDTH);
    for (const ref of await Promise.all(batch.map((name) => toRef(search.root, [...path, name])))) {
      if (ref !== undefined) yield ref;
    }
  }
}

function isFolder(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink();
}

function enters(search: FileSearch, name: string, level: number): boolean {
  return search.enters === undefined ? !name.startsWith('.') : search.enters(name, level);
}

/** Empty when it is missing or may not be read. */
export function readFolder(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch(() => []);
}

async function toRef(root: string, path: readonly string[]): Promise<StoredSessionRef | undefined> {
  const found = await stat(join(root, ...path)).catch((): undefined => undefined);
  if (found === undefined || !found.isFile() || found.size === 0) return undefined;
  return { ref: path.join('/'), ...toVersion(found) };
}

export function toVersion({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): { version: string; changedAt: number } {
  return { version: `${size}-${Math.trunc(mtimeMs)}`, changedAt: Math.trunc(mtimeMs) };
}
