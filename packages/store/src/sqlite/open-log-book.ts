import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  type RecordedEvent,
  type SessionEvent,
  type SessionId,
  sessionIdSchema,
  type SessionView,
} from '@baton/protocol';
import { readStoredJson } from '../stored-json.ts';
import { toNumber, toText } from './column.ts';
import { assertKnown, readMigrations } from './migrate.ts';
import { toStoreFault } from './fault.ts';

/** One session with all that is in its log, as of one moment. */
export interface LoggedSession {
  id: SessionId;
  view: SessionView;
  events: RecordedEvent[];
  env: Record<string, string>;
}

/** A database to look through and never to write; a server may be running on it. */
export interface LogBook {
  /** Every session, one after the other; other work runs in between. */
  sessions(): AsyncGenerator<LoggedSession>;
  listRecords(collection: string): { id: string; value: unknown }[];
  close(): void;
}

/** Throws `store-unavailable` when the file is absent, damaged, of another program, or of another version. */
export function openLogBook(options: { path: string; migrationsDir?: string }): LogBook {
  const { path } = options;
  const what = `Cannot read the database "${path}"`;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 1000 });
    assertKnown(db, { path, knownVersion: readMigrations(options.migrationsDir).length });
    return createLogBook(db);
  } catch (cause) {
    db?.close();
    throw toStoreFault(what, cause);
  }
}

function createLogBook(db: DatabaseSync): LogBook {
  const keys = db.prepare('SELECT key FROM sessions ORDER BY key');
  // One statement is one moment: the log and the view of a session that works meanwhile belong together.
  const select = db.prepare(`
    SELECT sessions.id AS id, view, env, events.seq AS seq, at, event
    FROM sessions JOIN views ON views.session_key = key JOIN events ON events.session_key = key
      LEFT JOIN environments ON environments.session_key = key
    WHERE key = ? ORDER BY events.seq`);
  const records = db.prepare('SELECT id, value FROM records WHERE collection = ? ORDER BY ordinal');
  return {
    async *sessions() {
      for (const { key } of keys.all()) {
        const rows = select.all(toNumber(key));
        const [first] = rows;
        if (first !== undefined) yield toSession(rows, first);
        await setImmediate();
      }
    },
    listRecords: (collection) =>
      records.all(collection).map((row) => ({ id: toText(row.id), value: readStoredJson(toText(row.value)) })),
    close: () => db.close(),
  };
}

type Row = ReturnType<ReturnType<DatabaseSync['prepare']>['all']>[number];

function toSession(rows: readonly Row[], first: Row): LoggedSession {
  const id = sessionIdSchema.parse(first.id);
  return {
    id,
    view: readStoredJson<SessionView>(toText(first.view)),
    env: first.env === null ? {} : readStoredJson<Record<string, string>>(toText(first.env)),
    events: rows.map((row) => ({
      sessionId: id,
      seq: toNumber(row.seq),
      at: toText(row.at),
      event: readStoredJson<SessionEvent>(toText(row.event)),
    })),
  };
}
