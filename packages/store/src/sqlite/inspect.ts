import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isAppError } from '@baton/protocol';
import { toStoreFault } from './fault.ts';
import { checkIntegrity, type IntegrityReport } from './integrity.ts';
import { assertKnown, readMigrations, readVersion } from './migrate.ts';

export type DatabaseInspection =
  | { state: 'absent' }
  /** `openSqliteStore` would refuse it for this reason. */
  | { state: 'refused'; problem: string }
  /** Made by an older Baton: the next start migrates it. Its rows are not checked. */
  | { state: 'older'; version: number; knownVersion: number; bytes: number }
  | { state: 'current'; version: number; bytes: number; report: IntegrityReport };

/** What a person should know about a database file, for `doctor`. Reads only; a server may be running on it. */
export async function inspectDatabase(options: { path: string; migrationsDir?: string }): Promise<DatabaseInspection> {
  const { path, migrationsDir } = options;
  if (!existsSync(path)) return { state: 'absent' };
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
    return await inspect(db, { path, knownVersion: readMigrations(migrationsDir).length });
  } catch (cause) {
    const error = toStoreFault(`Cannot open the database "${path}"`, cause);
    if (isAppError(error)) return { state: 'refused', problem: error.message };
    throw error;
  } finally {
    db?.close();
  }
}

async function inspect(db: DatabaseSync, { path, knownVersion }: { path: string; knownVersion: number }) {
  assertKnown(db, { path, knownVersion });
  const version = readVersion(db);
  const bytes = statSync(path).size;
  if (version < knownVersion) return { state: 'older', version, knownVersion, bytes } as const;
  return { state: 'current', version, bytes, report: await checkIntegrity(db) } as const;
}
