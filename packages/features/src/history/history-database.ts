import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Of the tables below. Another number means: thrown away and made anew, since all of it is derived. */
export const FORM = 4;

const TABLES = `
  CREATE TABLE conversations (
    key         INTEGER PRIMARY KEY,
    -- 'ses_…' of Baton's own sessions, 'fnd_…' of those that agents stored.
    id          TEXT NOT NULL UNIQUE,
    backend     TEXT NOT NULL,
    native_id   TEXT,
    -- Where a found one is stored, and the version that was read; NULL for Baton's own.
    ref         TEXT,
    version     TEXT,
    -- The last event of an own one that was read.
    seq         INTEGER NOT NULL DEFAULT 0,
    -- NULL until it was read, and for one that holds nothing to show.
    view        TEXT,
    -- Lower case, for looking up by words.
    words       TEXT NOT NULL DEFAULT '',
    updated_at  INTEGER NOT NULL DEFAULT 0,
    unreadable  INTEGER NOT NULL DEFAULT 0,
    -- 1 for a found one that only its agent can read, and told of; its place is its native id.
    told        INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX conversations_by_native ON conversations (native_id) WHERE native_id IS NOT NULL;
  -- The agents' conversations that an own session went through, those that it was taken back from included. Without the
  -- backend: several of them drive the same agent, and then keep its conversations in one place.
  CREATE TABLE own_natives (
    native_id    TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (native_id, conversation)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX own_natives_by_conversation ON own_natives (conversation);
  CREATE INDEX conversations_by_time ON conversations (updated_at DESC, key DESC) WHERE view IS NOT NULL AND ref IS NOT NULL;
  -- Its number is the time in milliseconds times 1024, and a count: so the newest come first without sorting.
  CREATE TABLE passages (
    number       INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    turn_id      TEXT,
    item_id      TEXT
  ) STRICT;
  CREATE INDEX passages_by_conversation ON passages (conversation);
  -- Of what a person has typed so far, one letter or two are looked up, since nearly every passage has a word that begins so.
  -- Words that begin with three are few enough to gather; to keep those too would cost as much as all the rest.
  CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2');
  -- Merged later and in larger pieces than by default: a first look writes a third faster, and a search does not notice.
  INSERT INTO texts (texts, rank) VALUES ('automerge', 16), ('crisismerge', 32);
  PRAGMA user_version = ${FORM};
`;

/**
 * The index of conversations, in a file of its own beside the event log: nothing in it is the only copy, so it is not backed
 * up, a damaged one is made anew, and its commits do not wait for the disk.
 */
export function openHistoryDatabase(path: string): DatabaseSync {
  try {
    return open(path);
  } catch {
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    return open(path);
  }
}

function open(path: string): DatabaseSync {
  createPrivately(path);
  const db = new DatabaseSync(path, { timeout: 1000 });
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;',
    );
    const form = db.prepare('PRAGMA user_version').get()?.['user_version'];
    if (form === 0) db.exec(`BEGIN; ${TABLES} COMMIT;`);
    else if (form !== FORM) throw new Error(`The index has form ${String(form)}`);
    // A page that cannot be read is noticed now, not at the first search.
    db.prepare('SELECT count(*) FROM conversations').get();
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

// It holds what people and agents wrote.
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It exists, or SQLite says better why it cannot be made.
  }
}
