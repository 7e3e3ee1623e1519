import { AppError, isAppError } from '@baton/protocol';

// Primary result codes of SQLite; extended codes carry them in their low byte.
/** What Node says of a backup whose source is locked. */
const NO_ERROR = 0;
const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
/** The index of the write-ahead log cannot grow: on Linux that is a full disk, too. */
const IO_ERROR_SHM_SIZE = 4874;
const READ_ONLY_MOVED = 1032;

const REASONS: Record<number, string> = {
  [NO_ERROR]: 'another program is using the database; try again',
  [BUSY]:
    'another program is using the database; stop it (is a second Baton running on this data folder?) and try again',
  [LOCKED]: 'another program is using the database; stop it and try again',
  [READ_ONLY]: 'the database is read-only; make its file and folder writable for the user who runs Baton',
  [IO_ERROR]: 'the disk reports an error; check the disk and the mount of the data folder',
  [CORRUPT]: 'the database is damaged; stop Baton and restore a backup ("baton restore FILE")',
  [CANNOT_OPEN]: 'the file cannot be opened; check that its folder exists and is readable and writable',
  [NOT_A_DATABASE]: 'the file is not a database; point Baton at another data folder or restore a backup',
};

const MOVED = 'the database file was moved or replaced while Baton was running; restart Baton';
const DISK_FULL = 'the disk is full; free some space and try again';

/** What SQLite threw as an `AppError` with the cause and the mend; anything else comes back as it is. */
export function toStoreFault(what: string, cause: unknown): unknown {
  const code = readErrorCode(cause);
  if (isAppError(cause) || code === undefined) return cause;
  if ((code & 0xff) === FULL || code === IO_ERROR_SHM_SIZE) {
    return new AppError('disk-full', `${what}: ${DISK_FULL}`, {}, { cause });
  }
  const reason = code === READ_ONLY_MOVED ? MOVED : REASONS[code & 0xff];
  return reason === undefined ? cause : new AppError('store-unavailable', `${what}: ${reason}`, {}, { cause });
}

function readErrorCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause)) return undefined;
  return typeof cause.errcode === 'number' ? cause.errcode : undefined;
}
