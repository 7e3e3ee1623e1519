import { AppError, isAppError } from './error.ts';

const FULL = 'the disk is full; free some space and try again';
const READ_ONLY = 'the disk is read-only; make it writable and try again';
const FORBIDDEN = 'this user may not write there; see to the rights of the file and its folder';

const REASONS: Readonly<Record<string, string>> = {
  EROFS: READ_ONLY,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EIO: 'the disk reports an error; check it',
  ENOENT: 'its folder does not exist any more',
  ENOTDIR: 'a part of its path is not a folder',
};

/** What the file system threw at a write, in words with the mend: `disk-full` where there is no room, else `store-unavailable`. */
export function toDiskFault(what: string, cause: unknown): AppError {
  if (isAppError(cause)) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk-full', `${what}: ${FULL}`, {}, { cause });
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new AppError('store-unavailable', `${what}: ${reason}`, {}, { cause });
}

/** The same for what a program said that it could not write; undefined where its words tell of something else. */
export function toDiskFaultSaid(what: string, words: string): AppError | undefined {
  if (/no space left on device|out of diskspace|disk quota exceeded/i.test(words))
    return new AppError('disk-full', `${what}: ${FULL}`, {}, { cause: words });
  if (/read-only file system/i.test(words))
    return new AppError('store-unavailable', `${what}: ${READ_ONLY}`, {}, { cause: words });
  return undefined;
}
