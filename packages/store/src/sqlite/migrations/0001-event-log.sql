-- The log itself. log_id is random and changes when the log is replaced by a restore.
-- changes counts appends to all sessions; it dates what a walk over a list may still show.
CREATE TABLE log (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  log_id TEXT NOT NULL,
  changes INTEGER NOT NULL
) STRICT;
INSERT INTO log (one, log_id, changes) VALUES (1, lower(hex(randomblob(16))), 0);

-- What lists filter and sort by, kept narrow; title and cwd are lower-cased for search, updated_at is in milliseconds.
-- Keys are never used again, so that nothing left over can come to belong to another session.
CREATE TABLE sessions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  backend TEXT NOT NULL,
  title TEXT NOT NULL,
  cwd TEXT NOT NULL,
  archived INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_activity ON sessions (archived, updated_at DESC, id);

-- The session's view as JSON, exactly as the protocol shows it.
CREATE TABLE views (
  session_key INTEGER PRIMARY KEY REFERENCES sessions (key) ON DELETE CASCADE,
  view TEXT NOT NULL
) STRICT;

CREATE TABLE environments (
  session_key INTEGER PRIMARY KEY REFERENCES sessions (key) ON DELETE CASCADE,
  env TEXT NOT NULL
) STRICT;

-- Rows lie in the order they were appended, whatever their session: a group commit then touches few pages.
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  session_key INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  event TEXT NOT NULL,
  UNIQUE (session_key, seq)
) STRICT;

-- Not tied to a session: receipts outlive it, so that a late repeat of a command has no effect.
CREATE TABLE receipts (
  command_id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  receipt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Approvals and questions; view as JSON. ordinal grows with every row, so newest first is downwards.
CREATE TABLE inbox (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('approval', 'question')),
  session_key INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('pending', 'answered', 'withdrawn')),
  view TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_by_state ON inbox (kind, state, ordinal);
CREATE INDEX inbox_by_session ON inbox (session_key);

-- The text so far of open items.
CREATE TABLE drafts (
  session_key INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  item_id TEXT NOT NULL,
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (session_key, item_id, field)
) STRICT, WITHOUT ROWID;
