import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, link, realpath, rename, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { AppError, isAppError } from '@baton/protocol';
import { countRows } from './backup.ts';
import { toStoreFault } from './fault.ts';
import { toFileFault } from './file-fault.ts';
import { checkStructure } from './integrity.ts';
import { assertKnown, readMigrations, readVersion } from './migrate.ts';
import { syncFile, syncFolderOf } from './sync-file.ts';

export interface RestoreOptions {
  /** A file that `backup` made, or a copy of a database (with its `-wal` beside it, if there is one). Left as it is. */
  from: string;
  /** The database to replace; need not exist. No Baton may be running on it. */
  to: string;
  migrationsDir?: string;
  /** Dates the name of the replaced database. Default: now. */
  now?: Date;
}

export interface RestoreReport {
  events: number;
  sessions: number;
  version: number;
  /** Where the database that was there before is kept; absent when there was none. */
  replaced?: string;
}

/**
 * Puts a backup in the place of a database.
 *
 * - The backup is copied beside the target and checked first: a Baton database, of a known version, intact. Otherwise nothing changes.
 * - The database that was there is kept under a dated name; at every moment the name `to` holds the one or the other.
 * - The log gets a new `log_id`, by which clients learn that what they knew of it is void.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoreReport> {
  const what = `Cannot restore the backup "${options.from}"`;
  try {
    const to = existsSync(options.to) ? await realpath(options.to) : options.to;
    if ((await realpath(options.from)) === to) {
      throw new AppError('invalid-input', `${what}: it is the database itself; name a backup of it`);
    }
    return await replace({ ...options, to }, what);
  } catch (cause) {
    throw toFileFault(what, cause);
  }
}

async function replace({ from, to, migrationsDir, now = new Date() }: RestoreOptions, what: string) {
  const partial = `${to}.restoring-${randomBytes(4).toString('hex')}`;
  try {
    await copyDatabase(from, partial);
    const counts = prepareCopy(partial, { from, what, knownVersion: readMigrations(migrationsDir).length });
    await syncFile(partial);
    assertUnused(to, what);
    const replaced = await setAside(to, now);
    await rename(partial, to);
    await syncFolderOf(to);
    return replaced === undefined ? counts : { ...counts, replaced };
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(partial + suffix, { force: true });
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await chmod(to, 0o600);
  if (existsSync(`${from}-wal`)) await copyFile(`${from}-wal`, `${to}-wal`);
}

function prepareCopy(path: string, { from, what, knownVersion }: { from: string; what: string; knownVersion: number }) {
  let copy: DatabaseSync | undefined;
  try {
    copy = new DatabaseSync(path);
    assertKnown(copy, { path: from, knownVersion });
    const version = readVersion(copy);
    if (version === 0) throw new AppError('invalid-input', `${what}: it holds no Baton database`);
    const damage = checkStructure(copy)[0];
    if (damage !== undefined) throw new AppError('invalid-input', `${what}: it is damaged (${damage}); take another`);
    copy.exec('UPDATE log SET log_id = lower(hex(randomblob(16)))');
    copy.exec('PRAGMA journal_mode = DELETE');
    return { ...countRows(copy), version };
  } catch (cause) {
    throw toBadBackup(what, cause);
  } finally {
    copy?.close();
  }
}

// Whatever is wrong with the copy is wrong with the file that was named.
function toBadBackup(what: string, cause: unknown): unknown {
  const error = toStoreFault(what, cause);
  if (!isAppError(error) || error.kind !== 'store-unavailable') return error;
  return new AppError(
    'invalid-input',
    isAppError(cause) ? cause.message : `${what}: it is not a Baton database, or damaged`,
    {},
    { cause },
  );
}

// An exclusive lock is to be had only if no other connection is open; getting it also folds the write-ahead log in.
function assertUnused(path: string, what: string): void {
  if (!existsSync(path)) return;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  } catch (cause) {
    const isBusy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
    if (!isBusy) return; // Damaged or of another program: it is set aside as it is.
    throw new AppError('store-unavailable', `${what}: "${path}" is in use; stop Baton first`, {}, { cause });
  } finally {
    db?.close();
  }
}

// A write-ahead log that could not be folded in must go with its database: SQLite would apply it to the new one.
async function setAside(path: string, now: Date): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const aside = `${path}.replaced-${now.toISOString().replaceAll(':', '-')}`;
  await linkOrCopy(path, aside);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) await rename(path + suffix, aside + suffix);
  }
  return aside;
}

// A second name for the same file, so that the first is never without one; a copy where the disk knows no links.
async function linkOrCopy(path: string, aside: string): Promise<void> {
  try {
    await link(path, aside);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw cause;
    await copyFile(path, aside, constants.COPYFILE_EXCL);
    await syncFile(aside);
  }
}
