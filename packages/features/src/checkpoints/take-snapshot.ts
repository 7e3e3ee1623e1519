import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isReadable, lstatOrNone, mapInBatches } from './look.ts';
import { type PrivateRepository, TooLarge } from './private-repository.ts';
import { type RawPath, toAncestors, toFile } from './raw-path.ts';

export interface SnapshotCaps {
  /** A larger file is left out. */
  fileBytes: number;
  /** Files and bytes that differ from the last snapshot; more is given up. */
  files: number;
  bytes: number;
}

export const SNAPSHOT_CAPS: SnapshotCaps = { fileBytes: 20 * 1024 * 1024, files: 50_000, bytes: 1024 ** 3 };
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export interface Snapshot {
  /** The object's name. Kept only where a reference names it. */
  tree: string;
  /** Files that were left out: too large, unreadable, or neither file nor link. */
  skipped: RawPath[];
}

/**
 * Saves the folder as it is: tracked or not by the user's own git, but nothing that is ignored, and no `.git`.
 * Throws `TooLarge`. One at a time per repository.
 */
export async function takeSnapshot(
  repository: PrivateRepository,
  { caps = SNAPSHOT_CAPS, signal }: { caps?: SnapshotCaps; signal: AbortSignal },
): Promise<Snapshot> {
  // Left by a git that was ended: the queue of the folder lets no other run.
  await rm(`${repository.index}.lock`, { force: true });
  try {
    return await take(repository, caps, signal);
  } catch (cause) {
    if (cause instanceof TooLarge || signal.aborted) throw cause;
    // A file that changed while it was read, or an index that was damaged: once more, from nothing.
    for (const file of [repository.index, `${repository.index}.lock`]) await rm(file, { force: true });
    return take(repository, caps, signal);
  }
}

async function take(repository: PrivateRepository, caps: SnapshotCaps, signal: AbortSignal): Promise<Snapshot> {
  const { root } = repository;
  const { changed, removed } = await listChanges(repository, signal);
  const isRealFolder = createFolderCheck(root);
  const looks = await mapInBatches(changed, async (path): Promise<Look> => {
    const file = toFile(root, path);
    const found = await lstatOrNone(file);
    if (found === undefined || found.isDirectory() || !(await isRealFolder(path))) return { path, is: 'gone', size: 0 };
    if (found.isSymbolicLink()) return { path, is: 'kept', size: found.size };
    const fits = found.isFile() && found.size <= caps.fileBytes && (await isReadable(file));
    return { path, is: fits ? 'kept' : 'skipped', size: found.size };
  });
  const kept = looks.filter(({ is }) => is === 'kept');
  checkCaps(kept, caps);
  const without = [...removed, ...looks.flatMap(({ path, is }) => (is === 'kept' ? [] : [path]))];
  await removeEntries(repository, without, signal);
  await addEntries(
    repository,
    kept.map(({ path }) => path),
    signal,
  );
  const skipped = looks.flatMap(({ path, is }) => (is === 'skipped' ? [path] : []));
  return { tree: await writeTree(repository, signal), skipped };
}

interface Look {
  path: RawPath;
  is: 'kept' | 'gone' | 'skipped';
  size: number;
}

function checkCaps(kept: readonly Look[], caps: SnapshotCaps): void {
  if (kept.length > caps.files) throw new TooLarge(`more than ${caps.files} files of it are new or changed`);
  const bytes = kept.reduce((sum, { size }) => sum + size, 0);
  if (bytes > caps.bytes)
    throw new TooLarge(`more than ${Math.round(caps.bytes / 1024 ** 2)} MB of it are new or changed`);
}

interface Changes {
  /** New, or other than in the index; perhaps gone. */
  changed: RawPath[];
  /** In the index, and gone or ignored since. */
  removed: RawPath[];
}

async function listChanges(repository: PrivateRepository, signal: AbortSignal): Promise<Changes> {
  const { git, prefix } = repository;
  const below = prefix === '' ? [] : ['--', prefix];
  const args = ['ls-files', '-z', '-t', '-m', '-d', '-o', '--exclude-standard', ...below];
  const [listed, ignored] = await Promise.all([
    git({ args, signal }),
    git({ args: ['ls-files', '-z', '-c', '-i', '--exclude-standard', ...below], signal }),
  ]);
  const changed = new Set<RawPath>();
  const removed = new Set<RawPath>(splitZero(ignored));
  for (const entry of splitZero(listed)) {
    const path = entry.slice(2);
    if (entry.startsWith('R')) removed.add(path);
    else if (!path.endsWith('/')) changed.add(path);
    else for (const inner of await listNested(repository, path, { signal, depth: 1 })) changed.add(inner);
  }
  return { changed: [...changed].filter((path) => !removed.has(path)), removed: [...removed] };
}

const MAX_NESTED_DEPTH = 5;

// A repository inside: git lists it as one thing. Its files are as much part of the folder as all others.
async function listNested(
  repository: PrivateRepository,
  folder: RawPath,
  { signal, depth }: { signal: AbortSignal; depth: number },
): Promise<RawPath[]> {
  if (depth > MAX_NESTED_DEPTH) return [];
  const { root, tryGit, gitDir } = repository;
  const workTree = toFile(root, folder).toString('utf8');
  const place = { workTree, index: join(gitDir, 'no-index') };
  const { code, stdout, cut } = await tryGit({ args: ['ls-files', '-z', '-o', '--exclude-standard'], signal }, place);
  if (cut) throw new TooLarge('it lists more files than can be saved');
  if (code !== 0) return [];
  const found: RawPath[] = [];
  for (const path of splitZero(stdout)) {
    if (path.endsWith('/')) found.push(...(await listNested(repository, folder + path, { signal, depth: depth + 1 })));
    else found.push(folder + path);
  }
  return found;
}

// Below a link nothing belongs to this folder. Remembered, since thousands of files share a few folders.
function createFolderCheck(root: string): (path: RawPath) => Promise<boolean> {
  const known = new Map<RawPath, Promise<boolean>>();
  const isFolder = (folder: RawPath): Promise<boolean> => {
    const answer =
      known.get(folder) ?? lstatOrNone(toFile(root, folder)).then((found) => found?.isDirectory() === true);
    known.set(folder, answer);
    return answer;
  };
  return async (path) => {
    for (const folder of toAncestors(path)) if (!(await isFolder(folder))) return false;
    return true;
  };
}

const NO_OBJECT = '0'.repeat(40);

async function removeEntries(
  { git }: PrivateRepository,
  paths: readonly RawPath[],
  signal: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return;
  const input = paths.map((path) => `0 ${NO_OBJECT}\t${path}\0`).join('');
  await git({ args: ['update-index', '-z', '--index-info'], input, signal });
}

/** Puts these files into the index as they are now, whatever says that they should be left out. */
export async function addEntries({ git }: PrivateRepository, paths: readonly RawPath[], signal: AbortSignal) {
  if (paths.length === 0) return;
  const input = paths.map((path) => `${path}\0`).join('');
  await git({ args: ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], input, signal });
}

/** The index as a tree, without the way down to the folder. */
export async function writeTree(repository: PrivateRepository, signal: AbortSignal): Promise<string> {
  const { known, index } = repository;
  const before = await known.findTree(index);
  if (before !== undefined) return before;
  const tree = await askForTree(repository, signal);
  await known.keepTree(index, tree);
  return tree;
}

async function askForTree({ tryGit, git, prefix }: PrivateRepository, signal: AbortSignal): Promise<string> {
  if (prefix === '') return (await git({ args: ['write-tree'], signal })).trim();
  const { code, stdout, stderr } = await tryGit({ args: ['write-tree', `--prefix=${prefixArgument(prefix)}`], signal });
  if (code === 0) return stdout.trim();
  // With no file in the folder the way down to it is not there either.
  if (stderr.includes('prefix')) return EMPTY_TREE;
  throw new Error(`git write-tree failed: ${stderr.trim()}`);
}

/** A folder of the index as an argument, which is text and not bytes. */
export function prefixArgument(prefix: RawPath): string {
  return `${Buffer.from(prefix, 'latin1').toString('utf8')}/`;
}

export function splitZero(text: string): string[] {
  return text.split('\0').filter((part) => part !== '');
}
