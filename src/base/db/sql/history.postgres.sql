-- name: lock_history
SELECT pg_advisory_xact_lock(5498820215378629442);

-- name: create_history
CREATE TABLE IF NOT EXISTS schema_migration (
  number bigint PRIMARY KEY,
  title text COLLATE "C" NOT NULL,
  module text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  applied_at bigint NOT NULL
);

-- name: has_history
SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration';
