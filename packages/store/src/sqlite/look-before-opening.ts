import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isAppError } from '@baton/protocol';
import { assertKnown } from './migrate.ts';

/**
 * Refuses a database of another program or of a newer Baton while nothing of it was touched: opening it for writing would
 * change how it commits. What else is wrong with the file, opening tells.
 */
export function lookBeforeOpening(path: string, options: { knownVersion: number; busyTimeoutMs: number }): void {
  if (!existsSync(path)) return;
  const { knownVersion, busyTimeoutMs } = options;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    assertKnown(db, { path, knownVersion });
  } catch (cause) {
    if (isAppError(cause)) throw cause;
  } finally {
    db?.close();
  }
}
