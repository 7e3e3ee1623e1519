import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError, toDiskFault } from '@baton/protocol';
import { findGit } from './find-git.ts';
import { createFolderQueue } from './folder-queue.ts';
import { createKnownTrees } from './known-trees.ts';
import {
  openRepository,
  openSaved,
  type PrivateRepository,
  type RepositoryParts,
  toGitDir,
  TooLarge,
} from './private-repository.ts';

export interface Repositories {
  /** Works with a folder's repository, alone and within a bound. Rejects with an `AppError`. */
  use<T>(folder: string, work: (repository: PrivateRepository, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** As `use`, for what only looks at what was saved: the folder need not be there. */
  read<T>(folder: string, work: (repository: PrivateRepository, signal: AbortSignal) => Promise<T>): Promise<T>;
  keep(repository: PrivateRepository, kept: { id: string; tree: string }): Promise<void>;
  /**
   * Gives up the snapshots that `choose` names when all that was asked for before is done; the repository goes with its last
   * one. Needs no folder to be there.
   */
  release(folder: string, choose: () => Promise<readonly string[]>): Promise<void>;
  /** Packs and prunes, when nothing else is to do there. */
  tidy(folder: string): void;
  /** Ends what runs, and resolves when nothing does. */
  close(): Promise<void>;
}

type Open = (
  folder: string,
  parts: RepositoryParts,
  signal: AbortSignal,
) => PrivateRepository | Promise<PrivateRepository>;

const TIMEOUT_MS = 60_000;
const TIDY_TIMEOUT_MS = 300_000;
const REFS = 'refs/baton';

export function createRepositories({ home, env }: { home: string; env: Readonly<Record<string, string | undefined>> }) {
  const queue = createFolderQueue();
  const known = createKnownTrees();
  const closing = new AbortController();
  let program: Promise<string> | undefined;

  // Looked for again after a failure: it may have been installed meanwhile.
  async function requireGit(): Promise<string> {
    program ??= findGit(env);
    try {
      return await program;
    } catch (cause) {
      program = undefined;
      throw cause;
    }
  }

  async function work<T>(
    folder: string,
    task: (repository: PrivateRepository, signal: AbortSignal) => Promise<T>,
    { ends, open = openRepository }: { ends: AbortSignal; open?: Open },
  ): Promise<T> {
    const signal = AbortSignal.any([closing.signal, ends]);
    try {
      if (closing.signal.aborted)
        throw new AppError('shutting-down', 'The server is stopping; try again when it is back');
      const parts = { program: await requireGit(), home, path: env['PATH'] ?? env['Path'], known };
      return await task(await open(folder, parts, signal), signal);
    } catch (cause) {
      throw toFault(cause, { folder, isClosing: closing.signal.aborted });
    }
  }

  const repositories: Repositories = {
    use: (folder, task) => queue.run(folder, () => work(folder, task, { ends: AbortSignal.timeout(TIMEOUT_MS) })),
    read: (folder, task) =>
      queue.run(folder, () => work(folder, task, { ends: AbortSignal.timeout(TIMEOUT_MS), open: openSaved })),
    keep: addRef,
    release: (folder, choose) => queue.run(folder, async () => releaseRefs(toGitDir(home, folder), await choose())),
    tidy(folder) {
      queue.tidy(folder, (gone) =>
        work(
          folder,
          async ({ git }, signal) => {
            known.forgetTrees();
            await git({ args: ['gc', '--auto', '--quiet'], signal });
          },
          { ends: AbortSignal.any([gone, AbortSignal.timeout(TIDY_TIMEOUT_MS)]) },
        ),
      );
    },
    async close() {
      closing.abort(new AppError('shutting-down', 'The server is stopping; try again when it is back'));
      await queue.idle();
    },
  };
  return repositories;
}

// By hand, because another process for one line is a tenth of what a checkpoint costs.
async function addRef({ gitDir, folder: saved }: PrivateRepository, kept: { id: string; tree: string }): Promise<void> {
  const folder = join(gitDir, ...REFS.split('/'));
  const file = join(folder, kept.id);
  try {
    await mkdir(folder, { recursive: true });
    // Git takes a name that ends like this for no reference.
    await writeFile(`${file}.lock`, `${kept.tree}\n`);
    await rename(`${file}.lock`, file);
  } catch (cause) {
    await rm(`${file}.lock`, { force: true }).catch(() => undefined);
    throw toDiskFault(`Cannot save the folder "${saved}"`, cause);
  }
}

// By hand, because the folder that git would want to work in may be gone.
async function releaseRefs(gitDir: string, ids: readonly string[]): Promise<void> {
  const folder = join(gitDir, ...REFS.split('/'));
  for (const id of ids) await rm(join(folder, id), { force: true });
  const packed = await readPackedRefs(gitDir);
  const gone = new Set(ids.map((id) => `${REFS}/${id}`));
  const left = packed.filter((line) => !gone.has(line.split(' ')[1] ?? ''));
  if (left.length < packed.length) await writePackedRefs(gitDir, left);
  const loose = await readdir(folder).catch((): string[] => []);
  if (!loose.some((name) => !name.endsWith('.lock')) && !left.some((line) => line.includes(REFS)))
    await rm(gitDir, { recursive: true, force: true });
}

async function readPackedRefs(gitDir: string): Promise<string[]> {
  const text = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function writePackedRefs(gitDir: string, lines: readonly string[]): Promise<void> {
  const file = join(gitDir, 'packed-refs');
  await writeFile(`${file}.new`, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function toFault(cause: unknown, { folder, isClosing }: { folder: string; isClosing: boolean }): unknown {
  const what = `Cannot save the folder "${folder}"`;
  if (isClosing)
    return new AppError('shutting-down', 'The server is stopping; try again when it is back', {}, { cause });
  if (cause instanceof TooLarge) {
    const mend = 'Name what need not be saved in a .gitignore file';
    return new AppError('payload-too-large', `${what}: ${cause.message}. ${mend}`, {}, { cause });
  }
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    const mend = 'Name what need not be saved in a .gitignore file, or work in a smaller folder';
    return new AppError(
      'payload-too-large',
      `${what}: it takes more than ${TIMEOUT_MS / 1000} seconds. ${mend}`,
      {},
      { cause },
    );
  }
  return isAppError(cause) ? cause : new AppError('internal', `${what}: ${String(cause)}`, {}, { cause });
}
