import { AppError, isAppError } from '@baton/protocol';
import { toStoreFault } from './fault.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'the file or its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder; name a file in it',
  EACCES: 'it may not be read or written by this user',
  EPERM: 'it may not be read or written by this user',
  EROFS: 'its disk is read-only',
};

/** What the file system or SQLite threw as an `AppError`; anything else comes back as it is. */
export function toFileFault(what: string, cause: unknown): unknown {
  if (isAppError(cause) || !(cause instanceof Error) || !('code' in cause)) return cause;
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    return new AppError('disk-full', `${what}: the disk is full; free some space and try again`, {}, { cause });
  }
  const reason = typeof cause.code === 'string' ? REASONS[cause.code] : undefined;
  if (reason !== undefined) return new AppError('invalid-input', `${what}: ${reason}`, {}, { cause });
  return toStoreFault(what, cause);
}
