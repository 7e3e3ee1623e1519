import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { AppError, invariant } from '@baton/protocol';
import { toNumber } from './column.ts';

/** "BATN": marks a SQLite file as ours. */
export const APPLICATION_ID = 0x4241544e;

export interface Migration {
  version: number;
  sql: string;
}

/**
 * The migrations, in order, from files named `0001-what-it-does.sql`.
 *
 * Default folder: `migrations` beside this module. A bundle copies that folder beside itself, or names another.
 */
export function readMigrations(migrationsDir?: string): Migration[] {
  const dir = migrationsDir ?? fileURLToPath(new URL('./migrations/', import.meta.url));
  const files = readdirSync(dir).filter((name) => /^\d{4}-.+\.sql$/.test(name));
  invariant(files.length > 0, `the migrations are in "${dir}"`);
  return files.sort().map((name, index) => {
    const version = Number(name.slice(0, 4));
    invariant(version === index + 1, `migrations are numbered 1, 2, 3, … ("${name}")`);
    return { version, sql: readFileSync(join(dir, name), 'utf8') };
  });
}

export function readVersion(db: DatabaseSync): number {
  return toNumber(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** Whether the file is marked as ours, or empty and so free to become ours. */
export function isBatonDatabase(db: DatabaseSync): boolean {
  if (toNumber(db.prepare('PRAGMA application_id').get()?.application_id) === APPLICATION_ID) return true;
  return readVersion(db) === 0 && toNumber(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n) === 0;
}

/** Brings the database to the newest version, each step in a transaction of its own. Refuses what it does not know. */
export function migrate(db: DatabaseSync, { path, migrations }: { path: string; migrations: Migration[] }): void {
  assertKnown(db, { path, knownVersion: migrations.length });
  const version = readVersion(db);
  for (const migration of migrations) if (migration.version > version) runMigration(db, migration);
}

/** Throws `store-unavailable` for a database of another program or from a newer Baton. */
export function assertKnown(db: DatabaseSync, { path, knownVersion }: { path: string; knownVersion: number }): void {
  const what = `Cannot open the database "${path}"`;
  if (!isBatonDatabase(db)) {
    const mend = 'point Baton at another data folder, or restore a backup';
    throw new AppError('store-unavailable', `${what}: it is a database of another program; ${mend}`);
  }
  const version = readVersion(db);
  if (version <= knownVersion) return;
  const why = `it has version ${version} and this Baton knows versions up to ${knownVersion}`;
  const mend = 'start the newer Baton that made it, or restore a backup made with this one';
  throw new AppError('store-unavailable', `${what}: ${why}; ${mend}`);
}

function runMigration(db: DatabaseSync, { version, sql }: Migration): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    // Asked again under the lock: another process may have run it in between.
    if (readVersion(db) < version) {
      db.exec(sql);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
    }
    db.exec('COMMIT');
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw cause;
  }
}
