-- How far the log has taken down what a session's agent says: the run, and the number of its last report that is in the log.
CREATE TABLE marks (
  session_key INTEGER PRIMARY KEY REFERENCES sessions (key) ON DELETE CASCADE,
  run TEXT NOT NULL,
  report INTEGER NOT NULL
) STRICT;
