import type { FileDiff } from '@baton/protocol';
import type { PrivateRepository } from './private-repository.ts';
import { type RawPath, toShown } from './raw-path.ts';

/** How one path differs between two trees. Relative to the folder. */
export interface TreeChange {
  status: 'added' | 'modified' | 'deleted' | 'renamed';
  path: RawPath;
  from?: RawPath;
  /** A file became a link, or the other way round: git shows it as two. */
  changesType: boolean;
}

const NOTHING_FOREIGN = ['--no-ext-diff', '--no-textconv', '--no-color'];

/** What has to change to get from one tree to another, without looking for renames. */
export async function listTreeChanges(
  { git }: PrivateRepository,
  [from, to]: readonly [string, string],
  signal: AbortSignal,
): Promise<TreeChange[]> {
  if (from === to) return [];
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', ...NOTHING_FOREIGN, from, to];
  return parseRaw((await git({ args, signal })).split('\0')).changes;
}

/** How many files differ between two trees; a renamed one is two. */
export async function countTreeChanges(
  repository: PrivateRepository,
  [from, to]: readonly [string, string],
  signal: AbortSignal,
): Promise<number> {
  const { known } = repository;
  const before = known.findCount(from, to);
  if (before !== undefined) return before;
  const count = (await listTreeChanges(repository, [from, to], signal)).length;
  known.keepCount(from, to, count);
  return count;
}

const MAX_FILES = 1000;
const MAX_PATCH = 256 * 1024;
const MAX_PATCHES = 4 * 1024 * 1024;

/** What a person wants to see of it. */
export async function compareTrees(
  repository: PrivateRepository,
  [from, to]: readonly [string, string],
  signal: AbortSignal,
): Promise<{ files: FileDiff[]; truncated: boolean }> {
  if (from === to) return { files: [], truncated: false };
  const options = ['-r', '-M', ...NOTHING_FOREIGN];
  const listed = await repository.git({
    args: ['diff-tree', '-z', '--raw', '--numstat', ...options, from, to],
    signal,
  });
  const { changes, rest } = parseRaw(listed.split('\0'));
  const counts = parseCounts(rest);
  const patches = await repository.tryGit({
    args: ['diff-tree', '-p', '--full-index', ...options, from, to],
    maxOutput: MAX_PATCHES,
    signal,
  });
  const texts = splitPatches(patches.stdout, patches.cut);
  const files = changes.slice(0, MAX_FILES).map((change) => {
    const pieces = texts.splice(0, change.changesType ? 2 : 1);
    return toFileDiff(change, counts.get(change.path), pieces.join(''));
  });
  const isShort = files.some(
    ({ binary, patch, added, removed }) => !binary && patch === undefined && added + removed > 0,
  );
  return { files, truncated: changes.length > MAX_FILES || isShort };
}

interface Count {
  added: number;
  removed: number;
  binary: boolean;
}

function toFileDiff(change: TreeChange, count: Count | undefined, patch: string): FileDiff {
  const { added, removed, binary } = count ?? { added: 0, removed: 0, binary: false };
  const shown = binary || patch === '' || patch.length > MAX_PATCH ? undefined : toShown(patch);
  return {
    path: toShown(change.path),
    ...(change.from === undefined ? {} : { from: toShown(change.from) }),
    ...{ change: change.status, added, removed, binary },
    ...(shown === undefined ? {} : { patch: shown }),
  };
}

const STATUS: Readonly<Record<string, TreeChange['status']>> = { A: 'added', D: 'deleted', R: 'renamed' };

// `:modes objects X` NUL path NUL, with a second path for a rename; then what else was asked for.
function parseRaw(parts: readonly string[]): { changes: TreeChange[]; rest: readonly string[] } {
  const changes: TreeChange[] = [];
  let at = 0;
  for (; parts[at]?.startsWith(':') === true; at += 2) {
    const letter = parts[at]?.split(' ')[4]?.charAt(0) ?? '';
    const status = STATUS[letter] ?? 'modified';
    const change = { status, changesType: letter === 'T' };
    if (status !== 'renamed') changes.push({ ...change, path: parts[at + 1] ?? '' });
    else {
      changes.push({ ...change, from: parts[at + 1] ?? '', path: parts[at + 2] ?? '' });
      at += 1;
    }
  }
  return { changes, rest: parts.slice(at) };
}

// `added TAB removed TAB path` NUL; for a rename the path is empty and two follow. "-" stands for binary.
function parseCounts(parts: readonly string[]): Map<RawPath, Count> {
  const counts = new Map<RawPath, Count>();
  for (let at = 0; at < parts.length; at += 1) {
    const [added, removed, ...path] = (parts[at] ?? '').split('\t');
    if (removed === undefined) continue;
    const count = { added: Number(added) || 0, removed: Number(removed) || 0, binary: added === '-' };
    const name = path.join('\t');
    if (name !== '') counts.set(name, count);
    else {
      counts.set(parts[at + 2] ?? '', count);
      at += 2;
    }
  }
  return counts;
}

// In the order of the list. Inside a patch no line begins like this; what follows a carriage return within one may.
function splitPatches(text: string, cut: boolean): string[] {
  const pieces = text.split(/(?<=\n)(?=diff --git )/).filter((piece) => piece !== '');
  return cut ? pieces.slice(0, -1) : pieces;
}
