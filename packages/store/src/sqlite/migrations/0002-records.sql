-- Small JSON values that features keep, in the order in which they were first put.
CREATE TABLE records (
  ordinal INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (collection, id)
) STRICT;
