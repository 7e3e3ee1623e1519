import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '@baton/protocol';

/** The folders that sessions may work in. Everything is compared by real path, so no link leads out. */
export interface Roots {
  /**
   * The real path of an existing folder inside one of the roots.
   * Throws `invalid-input` when it is no folder, `forbidden` when it lies outside.
   */
  resolveFolder(path: string): Promise<string>;
  /** Whether a real path lies inside. */
  has(realPath: string): Promise<boolean>;
  /** The roots that exist, by real path. */
  list(): Promise<string[]>;
}

export function createRoots(paths: readonly string[], home: string = homedir()): Roots {
  // Read each time: a root may be mounted, made or replaced while the server runs.
  async function list(): Promise<string[]> {
    const found = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)));
    return [...new Set(found.filter((path) => path !== undefined))];
  }

  return {
    list,
    has: async (realPath) => isInsideAny(await list(), realPath),
    async resolveFolder(path) {
      const wanted = expandHome(path, home);
      if (!isAbsolute(wanted) || wanted.includes('\0')) {
        throw new AppError('invalid-input', `Cannot use the folder "${toShown(path)}": give an absolute path`);
      }
      // Side by side: whoever begins a session waits for this twice.
      const [real, found, allowed] = await Promise.all([
        realpath(wanted).catch(() => undefined),
        stat(wanted).catch(() => undefined),
        list(),
      ]);
      // What lies outside is not told apart from what does not exist.
      if (!isInsideAny(allowed, real ?? resolve(wanted))) throw toOutside(path, paths);
      if (real === undefined || found === undefined) {
        throw new AppError('invalid-input', `Cannot use the folder "${toShown(path)}": it does not exist`);
      }
      if (!found.isDirectory())
        throw new AppError('invalid-input', `Cannot use "${toShown(path)}": it is a file, not a folder`);
      return real;
    },
  };
}

const isInsideAny = (roots: readonly string[], path: string): boolean => roots.some((root) => isInside(root, path));

/** Compared by path segments, so that `/home/ann2` is not inside `/home/ann`. */
export function isInside(root: string, path: string): boolean {
  const between = relative(root, path);
  return between === '' || (between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}

function expandHome(path: string, home: string): string {
  if (path === '~') return home;
  return path.startsWith('~/') ? join(home, path.slice(2)) : path;
}

function toOutside(path: string, roots: readonly string[]): AppError {
  return new AppError(
    'forbidden',
    `Cannot use the folder "${toShown(path)}": it is not inside an allowed folder (${roots.join(', ')}). Set BATON_ROOTS to allow more`,
  );
}

function toShown(path: string): string {
  return path.slice(0, 300).replace(/\p{Cc}/gu, '?');
}
