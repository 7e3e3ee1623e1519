import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@baton/protocol';

export interface ScopedPath {
  /** Where the path really leads, every symbolic link followed; the file itself need not exist. */
  real: string;
  /** For a person: relative to the session's folder when it is inside. */
  shown: string;
  isOutside: boolean;
}

/** The session's folder and where paths lead from it. */
export interface PathScope {
  readonly root: string;
  resolve(path: string): Promise<ScopedPath>;
}

const MAX_LINKS = 40;

/** `root` must be a real path. */
export function createPathScope(root: string): PathScope {
  return {
    root,
    async resolve(text) {
      if (text.includes('\0')) throw new AppError('invalid-input', 'A path holds a NUL character');
      const real = await toReal(path.resolve(root, text), MAX_LINKS);
      const isOutside = real !== root && !real.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
      return { real, shown: isOutside ? real : path.relative(root, real) || '.', isOutside };
    },
  };
}

// Like realpath, but for paths whose end does not exist yet: their nearest existing ancestor decides, and a link that
// points at nothing is followed too, because writing through it would make the file it points at.
async function toReal(absolute: string, links: number): Promise<string> {
  try {
    return await realpath(absolute);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT'))
      throw new AppError('invalid-input', `Cannot use the path ${absolute}: ${toReason(cause)}`);
  }
  if (links === 0) throw new AppError('invalid-input', `Cannot use the path ${absolute}: too many symbolic links`);
  const parent = await toReal(path.dirname(absolute), links);
  const own = path.join(parent, path.basename(absolute));
  const target = await readTarget(own);
  return target === undefined ? own : toReal(path.resolve(parent, target), links - 1);
}

async function readTarget(absolute: string): Promise<string | undefined> {
  const found = await lstat(absolute).catch(() => undefined);
  return found?.isSymbolicLink() === true ? readlink(absolute) : undefined;
}

const hasCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code;

function toReason(cause: unknown): string {
  if (hasCode(cause, 'ELOOP')) return 'its symbolic links go in a circle';
  if (hasCode(cause, 'EACCES')) return 'permission denied';
  if (hasCode(cause, 'ENOTDIR')) return 'a part of it is a file, not a folder';
  return cause instanceof Error ? cause.message : String(cause);
}
