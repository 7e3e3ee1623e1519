import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError, toDiskFault, toDiskFaultSaid } from '@baton/protocol';
import type { KnownTrees } from './known-trees.ts';
import { lstatOrNone } from './look.ts';
import { type RawPath, toRaw } from './raw-path.ts';
import { type GitCommand, type GitOutcome, runGit } from './run-git.ts';

export interface RepositoryParts {
  program: string;
  /** `<data>/checkpoints`; its parent is Baton's own and never part of a checkpoint. */
  home: string;
  path: string | undefined;
  known: KnownTrees;
}

/** Where the snapshots of one folder are: a repository of its own, beside which the user's stays as it is. */
export interface PrivateRepository {
  /** The session's folder, by its real path. */
  readonly folder: string;
  /** The folder whose `.gitignore` files count: the top of the user's repository, or the session's folder itself. */
  readonly root: string;
  /** From the root to the folder, without a slash at the end; empty where they are one. */
  readonly prefix: RawPath;
  readonly gitDir: string;
  readonly index: string;
  readonly known: KnownTrees;
  /** Resolves with what it printed; rejects when git fails. */
  git(command: GitCommand): Promise<string>;
  /** The same, for commands that may fail, or in another place. */
  tryGit(command: GitCommand, place?: GitElsewhere): Promise<GitOutcome>;
}

export interface GitElsewhere {
  workTree?: string;
  index?: string;
  /** Whether paths in arguments are names and nothing else; default true. */
  literal?: boolean;
}

/** Opens it, and makes it when it is not there. Throws `not-found` for a folder that is gone, `forbidden` for one that now leads elsewhere. */
export async function openRepository(folder: string, parts: RepositoryParts, signal: AbortSignal) {
  const gitDir = toGitDir(parts.home, folder);
  const [top] = await Promise.all([findTop(folder), checkFolder(folder)]);
  await prepare(gitDir, { folder, root: top, home: parts.home });
  const atTop = createRepository({ folder, gitDir, root: top }, parts);
  if (top === folder || !(await isIgnored(atTop, signal))) return atTop;
  // A folder that its repository ignores is on its own.
  await prepare(gitDir, { folder, root: folder, home: parts.home });
  return createRepository({ folder, gitDir, root: folder }, parts);
}

export function toGitDir(home: string, folder: string): string {
  return join(home, toHash(folder));
}

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Opens it to read what was saved, whatever became of the folder. */
export function openSaved(folder: string, parts: RepositoryParts): PrivateRepository {
  const gitDir = toGitDir(parts.home, folder);
  return createRepository({ folder, gitDir, root: gitDir }, parts);
}

/** Whether the folder was deleted, and not with what it was in, as it is when a disk is not mounted. */
export async function isGone(folder: string): Promise<boolean> {
  if ((await lstatOrNone(Buffer.from(folder))) !== undefined) return false;
  const parent = dirname(folder);
  return (await realpath(parent).catch(() => undefined)) === parent;
}

async function checkFolder(folder: string): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === folder) return;
  if (real === undefined) {
    const mend = 'Put it back where it was';
    throw new AppError('not-found', `Cannot look at the folder "${folder}": it does not exist any more. ${mend}`);
  }
  throw new AppError('forbidden', `Cannot look at the folder "${folder}": it now leads to another one`);
}

function createRepository(place: { folder: string; gitDir: string; root: string }, parts: RepositoryParts) {
  const { program, path, known } = parts;
  const { folder, gitDir, root } = place;
  const prefix = toRaw(relative(root, folder).split(sep).join('/'));
  // The names in an index begin at the root, which changes when the user makes a repository around the folder.
  const ownIndex = join(gitDir, prefix === '' ? 'index' : `index-${toHash(prefix)}`);
  const tryGit: PrivateRepository['tryGit'] = (command, elsewhere = {}) => {
    const { workTree = root, index = ownIndex, literal = true } = elsewhere;
    const env = toEnvironment({ gitDir, workTree, index, literal, path });
    return runGit({ program, cwd: workTree, env }, { ...command, args: ['--no-pager', ...command.args] });
  };
  const repository: PrivateRepository = {
    ...{ folder, gitDir, root, prefix, index: ownIndex, known, tryGit },
    async git(command) {
      const outcome = await tryGit(command);
      if (outcome.cut) throw new TooLarge('it lists more files than can be saved');
      if (outcome.code === 0) return outcome.stdout;
      const said = `git ${command.args[0]} failed (${outcome.code}): ${outcome.stderr.trim()}`;
      throw toDiskFaultSaid(`Cannot save the folder "${folder}"`, outcome.stderr) ?? new AppError('internal', said);
    },
  };
  return repository;
}

/** Why a folder cannot be saved, in words that follow "because". */
export class TooLarge extends Error {}

// Nothing of the user's configuration, and nothing that names a program: no hooks, filters, pagers, monitors or signing.
function toEnvironment(place: Required<GitElsewhere> & { gitDir: string; path: string | undefined }) {
  const { SystemRoot, TMPDIR, TEMP, TMP } = process.env;
  return {
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...(TEMP === undefined ? {} : { TEMP, TMP }),
    PATH: place.path,
    GIT_DIR: place.gitDir,
    GIT_WORK_TREE: place.workTree,
    GIT_INDEX_FILE: place.index,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: place.literal ? '1' : '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}

const CONFIG = `[core]
	repositoryformatversion = 0
	bare = false
	filemode = ${process.platform === 'win32' ? 'false' : 'true'}
	symlinks = ${process.platform === 'win32' ? 'false' : 'true'}
	logAllRefUpdates = false
	hooksPath = ${devNull}
	attributesFile = ${devNull}
	excludesFile = ${devNull}
	fsmonitor = false
	autocrlf = false
	safecrlf = false
	fsync = committed,index
	fsyncMethod = batch
[gc]
	auto = 4000
	autoDetach = false
	pruneExpire = now
[diff]
	renameLimit = 500
`;

// Bytes come back as they went in, whatever the folder's own attributes say of line ends, encodings and filters.
const ATTRIBUTES = '* -text -ident -filter !eol !working-tree-encoding !diff !merge !export-subst\n';

async function prepare(gitDir: string, place: { folder: string; root: string; home: string }): Promise<void> {
  const files: [string, string][] = [
    ['config', CONFIG],
    ['folder', `${place.folder}\n`],
    ['info/attributes', ATTRIBUTES],
    ['info/exclude', toExcludes(place)],
    ['HEAD', 'ref: refs/heads/none\n'],
  ];
  try {
    await mkdir(join(gitDir, 'info'), { recursive: true, mode: 0o700 });
    await Promise.all([
      ...['objects', 'refs'].map((name) => mkdir(join(gitDir, name), { recursive: true })),
      ...files.map(([name, text]) => writeWhole(join(gitDir, name), text)),
      // Left by a git that was ended; the queue of the folder lets no other run.
      ...['gc.pid', 'packed-refs.lock'].map((name) => rm(join(gitDir, name), { force: true })),
    ]);
  } catch (cause) {
    throw toDiskFault(`Cannot save the folder "${place.folder}"`, cause);
  }
}

// Whole or not at all: a disk that fills up must not leave half of it.
async function writeWhole(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

// Baton's own data is no part of anybody's work; with a session inside that data it is at least not its checkpoints.
function toExcludes({ folder, root, home }: { folder: string; root: string; home: string }): string {
  const own = isInside(dirname(home), folder) ? home : dirname(home);
  if (own === root || !isInside(root, own)) return '';
  const names = relative(root, own).split(sep).join('/');
  return `/${names.replace(/[\\*?[\]!# ]/g, '\\$&')}/\n`;
}

function isInside(folder: string, path: string): boolean {
  const between = relative(folder, path);
  return between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between);
}

// All at once: a prompt waits for it.
async function findTop(folder: string): Promise<string> {
  const owner = (await lstatOrNone(Buffer.from(folder)))?.uid;
  const folders = [folder];
  for (let at = folder; at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  const found = await Promise.all(folders.map((each) => isRepository(join(each, '.git'), owner)));
  return folders[found.indexOf(true)] ?? folder;
}

// A folder with a HEAD, or a file that names one elsewhere; of the same owner, since others may write to a folder above.
async function isRepository(path: string, owner: number | undefined): Promise<boolean> {
  const found = await lstatOrNone(Buffer.from(path));
  if (found === undefined || found.uid !== owner) return false;
  if (found.isFile()) return true;
  return (await lstatOrNone(Buffer.from(join(path, 'HEAD')))) !== undefined;
}

async function isIgnored({ tryGit, folder, root }: PrivateRepository, signal: AbortSignal): Promise<boolean> {
  // This command takes no literal paths; behind "./" nothing in a name means anything to it.
  const path = `./${relative(root, folder)}`;
  const args = ['check-ignore', '-q', '--no-index', '--', path];
  const { code, stderr } = await tryGit({ args, signal }, { literal: false });
  if (code === 0 || code === 1) return code === 0;
  throw new AppError('internal', `git check-ignore failed (${code}): ${stderr.trim()}`);
}
