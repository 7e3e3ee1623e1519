import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { toStoreFault } from './fault.ts';

export interface OpenDatabaseOptions {
  path: string;
  /** How long a statement waits for another program's lock; it blocks the process meanwhile. */
  busyTimeoutMs: number;
}

/** Opens the file for writing and durable commits, and makes it, readable by its owner only, when it does not exist. */
export function openDatabase({ path, busyTimeoutMs }: OpenDatabaseOptions): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    createPrivately(path);
    db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    configure(db);
    return db;
  } catch (cause) {
    db?.close();
    throw toStoreFault(`Cannot open the database "${path}"`, cause);
  }
}

// Sessions hold what people and agents wrote and the environment they gave; SQLite gives its side files the same mode.
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It exists, or SQLite says better why it cannot be made.
  }
}

// FULL makes every commit wait for the disk, so that what was acknowledged survives a power loss.
function configure(db: DatabaseSync): void {
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 2000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
}
