import { AppError } from '@baton/protocol';
import { lstatOrNone } from './look.ts';
import { type RawPath, toAncestors, toFile, toRaw } from './raw-path.ts';

/** Paths that somebody asks for: below the folder, and not through a link. Throws `invalid-input`. */
export async function checkPaths(folder: string, paths: readonly string[]): Promise<RawPath[]> {
  const raw = paths.map(toCleanPath);
  for (const path of raw) {
    for (const ancestor of toAncestors(path)) {
      const found = await lstatOrNone(toFile(folder, ancestor));
      if (found?.isSymbolicLink() === true) throw refuse(path, `"${ancestor}" is a link now; restore that first`);
    }
  }
  return raw;
}

function toCleanPath(path: string): RawPath {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw refuse(path, 'give it relative to the session’s folder');
  if (path.includes('\0')) throw refuse(path, 'it holds a zero byte');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) throw refuse(path, 'leave out "paths" to restore everything');
  if (parts.some((part) => part === '..' || (process.platform === 'win32' && part.includes('\\')))) {
    throw refuse(path, 'it leads out of the session’s folder');
  }
  if (parts.some((part) => part.toLowerCase() === '.git'))
    throw refuse(path, 'what git keeps is no part of a checkpoint');
  return toRaw(parts.join('/'));
}

function refuse(path: string, why: string): AppError {
  return new AppError('invalid-input', `Cannot restore "${path.replaceAll('\0', '').slice(0, 300)}": ${why}`);
}
