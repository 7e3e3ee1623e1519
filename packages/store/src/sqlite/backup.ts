import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { AppError } from '@baton/protocol';
import { toNumber } from './column.ts';
import { toFileFault } from './file-fault.ts';
import { syncFile, syncFolderOf } from './sync-file.ts';

const ALL_PAGES = 0x7fffffff;
const BUSY_TIMEOUT_MS = 1000;

export interface BackupReport {
  events: number;
  sessions: number;
  bytes: number;
}

/** Writes beside the target first, so that a name never stands for half a backup. */
export async function backupDatabase(db: DatabaseSync, toFile: string): Promise<BackupReport> {
  const what = `Cannot write the backup "${toFile}"`;
  if (existsSync(toFile)) throw new AppError('conflict', `${what}: the file exists; name another or remove it first`);
  const partial = `${toFile}.partial-${randomBytes(4).toString('hex')}`;
  try {
    await copyPages(db, partial);
    const report = { ...closeCopy(partial), bytes: (await stat(partial)).size };
    await syncFile(partial);
    await rename(partial, toFile);
    await syncFolderOf(toFile);
    return report;
  } catch (cause) {
    await rm(partial, { force: true });
    await rm(`${partial}-journal`, { force: true });
    throw toFileFault(what, cause);
  }
}

// A connection of its own, in another thread and in one step: the copy is the log as of one commit, and writers neither wait
// for it nor make it start over. (Through their own connection the two would share a lock and, in Node, an error code.)
async function copyPages(db: DatabaseSync, toFile: string): Promise<void> {
  await createPrivately(toFile);
  const source = new DatabaseSync(db.location() ?? '', { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    await backup(source, toFile, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}

// The copy holds all that people wrote and the environment they gave, so only its owner may read it.
async function createPrivately(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  await file.close();
}

// Out of WAL mode the copy is one file that can be opened from anywhere, also from a read-only disk.
function closeCopy(path: string): { events: number; sessions: number } {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
    return countRows(copy);
  } finally {
    copy.close();
  }
}

export function countRows(db: DatabaseSync): { events: number; sessions: number } {
  const row = db
    .prepare('SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM sessions) AS sessions')
    .get();
  return { events: toNumber(row?.events), sessions: toNumber(row?.sessions) };
}
