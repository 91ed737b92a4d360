-- A migration of running cases from one version of their process to another: how far it is.
CREATE TABLE case_migration (
  id BLOB NOT NULL PRIMARY KEY,
  process TEXT NOT NULL,
  from_definition BLOB NOT NULL,
  to_definition BLOB NOT NULL,
  renamed TEXT NOT NULL,            -- JSON: old element to new element
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  after BLOB NOT NULL,              -- the last case that was looked at
  moved INTEGER NOT NULL,
  left_behind INTEGER NOT NULL      -- did not fit
) STRICT;
CREATE INDEX case_migration_process ON case_migration (process, started_at);
-- Of a task that was over when its case went to another version: the version that its node is of. None: that of the case.
ALTER TABLE case_task ADD COLUMN node_definition BLOB;
