CREATE TABLE case_archive (
  id BLOB NOT NULL PRIMARY KEY,
  month TEXT NOT NULL,              -- yyyy-mm in which its cases were closed
  sha256 BLOB NOT NULL,             -- of the whole file
  size INTEGER NOT NULL,            -- octets
  cases INTEGER NOT NULL,           -- in the file
  made_at INTEGER NOT NULL,
  ended_at INTEGER                  -- none: some of its cases are still to be moved
) STRICT;
CREATE INDEX case_archive_month ON case_archive (month, made_at);

CREATE TABLE case_archived (
  case_id BLOB NOT NULL PRIMARY KEY,
  archive BLOB NOT NULL,
  position INTEGER NOT NULL,        -- of its record in the file
  size INTEGER NOT NULL,            -- of its record, octets
  sealed_key TEXT,                  -- none: erased
  units TEXT NOT NULL,              -- that had tasks of it, separated by spaces; with ~ before it: that only contributed
  moved_at INTEGER                  -- none: its rows are still in the tables
) STRICT;
CREATE INDEX case_archived_of ON case_archived (archive, case_id);
ALTER TABLE case_file ADD COLUMN archived INTEGER;  -- 1: its history is in the archive
CREATE INDEX case_file_closed ON case_file (closed_at, id) WHERE closed_at IS NOT NULL AND archived IS NULL;
