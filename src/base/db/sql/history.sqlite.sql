-- name: create_history
CREATE TABLE IF NOT EXISTS schema_migration (
  number INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  module TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;

-- name: has_history
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration';
