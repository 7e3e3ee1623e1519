import { readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { listTreeChanges, type TreeChange } from './compare-trees.ts';
import { listIgnoredThen } from './ignored-then.ts';
import { lstatOrNone } from './look.ts';
import { prefixArgument, addEntries, takeSnapshot, writeTree } from './take-snapshot.ts';
import type { PrivateRepository } from './private-repository.ts';
import { isWithin, type RawPath, toAncestors, toFile, toShown } from './raw-path.ts';

/** What a restore will do, worked out and checked; nothing has been touched. */
export interface RestorePlan {
  target: string;
  /** The tree as it is now, with everything in it that the restore replaces or removes. */
  present: string;
  changes: TreeChange[];
}

/**
 * Saves the present and works out the way from it to `target`, or of these paths alone.
 *
 * What `target` left out because it was ignored then is left alone. Whatever is in the way and would not be saved (because it is ignored, or large) is saved too. Throws `invalid-input` for
 * paths that neither has, and `conflict` where a folder with unsaved files is in the way of a file.
 */
export async function planRestore(
  repository: PrivateRepository,
  { target, paths }: { target: string; paths: readonly RawPath[] | undefined },
  signal: AbortSignal,
): Promise<RestorePlan> {
  let present = (await takeSnapshot(repository, { signal })).tree;
  const list = async () => {
    const all = await listTreeChanges(repository, [present, target], signal);
    const staying = await listIgnoredThen(repository, { target, changes: all }, signal);
    const leading = all.filter(({ path, status }) => status !== 'deleted' || !staying.has(path));
    return paths === undefined ? leading : leading.filter(({ path }) => paths.some((each) => isWithin(path, each)));
  };
  const obstacles = await findObstacles(repository.folder, await list());
  if (obstacles.length > 0) {
    const { prefix } = repository;
    await addEntries(
      repository,
      obstacles.map((path) => (prefix === '' ? path : `${prefix}/${path}`)),
      signal,
    );
    present = await writeTree(repository, signal);
  }
  return { target, present, changes: await list() };
}

// Unsaved files where a file, or a folder for it, is to be.
async function findObstacles(folder: string, changes: readonly TreeChange[]): Promise<RawPath[]> {
  const leaving = new Set(changes.filter(({ status }) => status === 'deleted').map(({ path }) => path));
  const obstacles = new Set<RawPath>();
  for (const { path, status } of changes) {
    if (status === 'deleted') continue;
    const above = await findNoFolder(folder, path);
    if (above !== undefined) {
      if (!leaving.has(above)) obstacles.add(above);
      continue;
    }
    const found = await lstatOrNone(toFile(folder, path));
    if (found?.isDirectory() === true) await checkEmptied(folder, path, leaving);
    else if (found !== undefined && status === 'added') obstacles.add(path);
  }
  return [...obstacles];
}

// From the top, because below a link everything belongs to somebody else.
async function findNoFolder(folder: string, path: RawPath): Promise<RawPath | undefined> {
  for (const ancestor of toAncestors(path).reverse()) {
    const found = await lstatOrNone(toFile(folder, ancestor));
    if (found === undefined) return undefined;
    if (!found.isDirectory()) return ancestor;
  }
  return undefined;
}

async function checkEmptied(folder: string, path: RawPath, leaving: ReadonlySet<RawPath>): Promise<void> {
  const within = await readdir(toFile(folder, path), { withFileTypes: true, encoding: 'buffer' });
  for (const entry of within) {
    const inner = `${path}/${entry.name.toString('latin1')}`;
    if (entry.isDirectory()) await checkEmptied(folder, inner, leaving);
    else if (!leaving.has(inner)) {
      throw new AppError(
        'conflict',
        `Cannot restore: "${toShown(path)}" was a file and is a folder now, with "${toShown(inner)}" in it, which is ignored and so not saved. Move it away first`,
      );
    }
  }
}

/** Does it. Not one step for who looks on: each file is replaced by itself. */
export async function applyRestore(
  repository: PrivateRepository,
  { target, changes }: RestorePlan,
  signal: AbortSignal,
): Promise<void> {
  await removeFiles(
    repository.folder,
    changes.filter(({ status }) => status === 'deleted').map(({ path }) => path),
  );
  const written = changes.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
  if (written.length > 0) await writeFiles(repository, { target, written }, signal);
}

async function removeFiles(folder: string, paths: readonly RawPath[]): Promise<void> {
  const emptied = new Set<RawPath>();
  for (const path of paths) {
    const parents = toAncestors(path);
    // Somebody may have put a link there since the folder was looked at.
    if ((await findNoFolder(folder, path)) !== undefined) continue;
    await unlink(toFile(folder, path)).catch(ignoreMissing);
    for (const parent of parents) emptied.add(parent);
  }
  // Deepest first. A folder that holds anything stays.
  const deepestFirst = [...emptied].sort((a, b) => b.length - a.length);
  for (const path of deepestFirst) await rmdir(toFile(folder, path)).catch(() => undefined);
}

function ignoreMissing(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
}

async function writeFiles(
  { tryGit, gitDir, prefix }: PrivateRepository,
  { target, written }: { target: string; written: readonly RawPath[] },
  signal: AbortSignal,
): Promise<void> {
  const index = join(gitDir, 'restore-index');
  for (const file of [index, `${index}.lock`]) await rm(file, { force: true });
  const below = prefix === '' ? [] : [`--prefix=${prefixArgument(prefix)}`];
  const read = await tryGit({ args: ['read-tree', ...below, target], signal }, { index });
  const input = written.map((path) => `${prefix === '' ? path : `${prefix}/${path}`}\0`).join('');
  const wrote =
    read.code === 0
      ? await tryGit({ args: ['checkout-index', '-f', '-z', '--stdin'], input, signal }, { index })
      : read;
  await rm(index, { force: true });
  if (wrote.code !== 0) throw new Error(wrote.stderr.trim());
}
