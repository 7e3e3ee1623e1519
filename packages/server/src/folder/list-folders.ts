import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Dirent } from 'node:fs';
import { AppError } from '@baton/protocol';
import type { Roots } from './roots.ts';

export interface FolderItem {
  name: string;
  path: string;
  git: boolean;
}

export interface FolderListing {
  path?: string;
  parent?: string;
  items: FolderItem[];
}

const MAX_ITEMS = 1000;

/** The folders inside `path`; without it, the roots. */
export async function listFolders(
  roots: Roots,
  query: { path?: string | undefined; hidden?: boolean | undefined },
): Promise<FolderListing> {
  if (query.path === undefined) {
    const found = await roots.list();
    return { items: await Promise.all(found.map((path) => toItem(path, basename(path) || path))) };
  }
  const path = await roots.resolveFolder(query.path);
  const entries = await readEntries(path);
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .filter((name) => query.hidden === true || !name.startsWith('.'))
    .sort((left, right) => left.localeCompare(right))
    .slice(0, MAX_ITEMS);
  const items = await Promise.all(names.map((name) => toInnerItem(roots, path, name)));
  const parent = dirname(path);
  const hasParent = parent !== path && (await roots.has(parent));
  return { path, ...(hasParent ? { parent } : {}), items: items.filter((item) => item !== undefined) };
}

async function readEntries(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    throw new AppError('forbidden', `Cannot read the folder "${path}": the system does not allow it`, {}, { cause });
  }
}

// A link is shown when it leads to a folder that is inside too.
async function toInnerItem(roots: Roots, parent: string, name: string): Promise<FolderItem | undefined> {
  const real = await realpath(join(parent, name)).catch(() => undefined);
  if (real === undefined || !(await roots.has(real))) return undefined;
  const found = await stat(real).catch(() => undefined);
  return found?.isDirectory() === true ? toItem(real, name) : undefined;
}

async function toItem(path: string, name: string): Promise<FolderItem> {
  const git = await stat(join(path, '.git')).then(
    () => true,
    () => false,
  );
  return { name, path, git };
}
