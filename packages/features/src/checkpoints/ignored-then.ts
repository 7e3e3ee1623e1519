import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeChange } from './compare-trees.ts';
import type { PrivateRepository } from './private-repository.ts';
import { type RawPath, toAncestors } from './raw-path.ts';
import { splitZero } from './take-snapshot.ts';

/**
 * The files that a restore would remove although its checkpoint says nothing of them: the `.gitignore` files of that time
 * kept them out of it, so they may have been there. Asked only where `.gitignore` files changed since.
 */
export async function listIgnoredThen(
  repository: PrivateRepository,
  { target, changes }: { target: string; changes: readonly TreeChange[] },
  signal: AbortSignal,
): Promise<ReadonlySet<RawPath>> {
  const written = new Set(changes.filter(({ status }) => status !== 'deleted').map(({ path }) => path));
  // In a folder that was a file or a link then, nothing can stay.
  const leaving = changes
    .filter(({ path, status }) => status === 'deleted' && !toAncestors(path).some((above) => written.has(above)))
    .map(({ path }) => path);
  if (leaving.length === 0 || !changes.some(({ path }) => isRules(path))) return new Set();
  const { git, gitDir } = repository;
  const rules = splitZero(await git({ args: ['ls-tree', '-r', '-z', '--name-only', '--full-tree', target], signal }));
  const workTree = join(gitDir, 'rules');
  // Perhaps left by a server that was ended; the queue of the folder lets no other restore run.
  await rm(workTree, { recursive: true, force: true });
  await mkdir(workTree);
  try {
    const place = { workTree, index: join(workTree, '.git-index') };
    await writeRules(repository, { target, rules: rules.filter(isRules), place }, signal);
    return await listIgnored(repository, { paths: leaving, place }, signal);
  } finally {
    await rm(workTree, { recursive: true, force: true });
  }
}

type Place = { workTree: string; index: string };

const isRules = (path: RawPath): boolean => path === '.gitignore' || path.endsWith('/.gitignore');

async function writeRules(
  { tryGit }: PrivateRepository,
  { target, rules, place }: { target: string; rules: readonly RawPath[]; place: Place },
  signal: AbortSignal,
): Promise<void> {
  const input = rules.map((path) => `${path}\0`).join('');
  for (const command of [{ args: ['read-tree', target] }, { args: ['checkout-index', '-f', '-z', '--stdin'], input }]) {
    const { code, stderr } = await tryGit({ ...command, signal }, place);
    if (code !== 0) throw new Error(`git ${command.args[0]} failed (${code}): ${stderr.trim()}`);
  }
}

// This command takes no literal paths; behind "./" nothing in a name means anything to it.
async function listIgnored(
  { tryGit }: PrivateRepository,
  { paths, place }: { paths: readonly RawPath[]; place: Place },
  signal: AbortSignal,
): Promise<ReadonlySet<RawPath>> {
  const input = paths.map((path) => `./${path}\0`).join('');
  const args = ['check-ignore', '-z', '--stdin', '--no-index'];
  const { code, stdout, stderr } = await tryGit({ args, input, signal }, { ...place, literal: false });
  if (code !== 0 && code !== 1) throw new Error(`git check-ignore failed (${code}): ${stderr.trim()}`);
  return new Set(splitZero(stdout).map((path) => path.slice(2)));
}
