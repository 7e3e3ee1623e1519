import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { toStoreFault } from './fault.ts';
import { migrate, readMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';

export interface CompactReport {
  bytesBefore: number;
  bytesAfter: number;
}

/**
 * Writes the database anew without the room that deleted rows left. What can be read is the same before and after.
 *
 * Takes the database for itself for as long as it takes, which is why no server does it while it runs. A crash in the middle
 * leaves the database as it was. Throws `store-unavailable` or `disk-full`: it needs as much free space as the data takes.
 */
export function compactDatabase(options: { path: string; migrationsDir?: string }): CompactReport {
  const { path, migrationsDir } = options;
  const db = openDatabase({ path, busyTimeoutMs: 1000 });
  try {
    migrate(db, { path, migrations: readMigrations(migrationsDir) });
    truncateLog(db);
    const bytesBefore = statSync(path).size;
    db.exec('VACUUM');
    truncateLog(db);
    return { bytesBefore, bytesAfter: statSync(path).size };
  } catch (cause) {
    throw toStoreFault(`Cannot compact the database "${path}"`, cause);
  } finally {
    db.close();
  }
}

/** Moves the log of commits into the file and empties it, as far as no reader still needs it. */
export function truncateLog(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
