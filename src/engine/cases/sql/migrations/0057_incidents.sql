-- The versions of a process, numbered in the order in which they were first applied.
CREATE TABLE process_version (
  process TEXT NOT NULL,
  ordinal INTEGER NOT NULL,         -- from 1
  definition BLOB NOT NULL,
  first_applied_at INTEGER NOT NULL,
  PRIMARY KEY (process, ordinal)
) STRICT;
CREATE UNIQUE INDEX process_version_definition ON process_version (process, definition);
INSERT INTO process_version (process, ordinal, definition, first_applied_at)
SELECT v.process, row_number() OVER (PARTITION BY v.process ORDER BY d.added_at, d.hash), d.hash, d.added_at
FROM (SELECT process, definition FROM process_current UNION SELECT process, definition FROM case_file) v
JOIN process_definition d ON d.hash = v.definition;

-- Running cases by version.
CREATE INDEX case_file_open_version ON case_file (definition, process, id) WHERE closed_at IS NULL;

-- What failed is found by what it is: the process and the BPMN id, as they were.
ALTER TABLE case_incident ADD COLUMN process TEXT NOT NULL DEFAULT '';
ALTER TABLE case_incident ADD COLUMN element TEXT NOT NULL DEFAULT '';
ALTER TABLE case_incident ADD COLUMN code TEXT NOT NULL DEFAULT '';    -- of the error
ALTER TABLE case_incident ADD COLUMN job BLOB;                         -- the job that is parked
ALTER TABLE case_incident ADD COLUMN closed_at INTEGER;
ALTER TABLE case_incident ADD COLUMN ending TEXT NOT NULL DEFAULT '';  -- retried, completed, skipped, gone; empty: open
ALTER TABLE case_incident ADD COLUMN note TEXT NOT NULL DEFAULT '';    -- what was done about it

-- What was tried at a step that failed, and what came of it: the last 20 of a step.
CREATE TABLE case_attempt (
  case_id BLOB NOT NULL,
  step INTEGER NOT NULL,            -- the wait of a job, the token of what failed within an act: one counter numbers both
  number INTEGER NOT NULL,          -- from 1
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  message_en TEXT NOT NULL,
  message_zh TEXT NOT NULL,
  PRIMARY KEY (case_id, step, number)
) STRICT;

-- One act on many cases, done in chunks by a job: a retry of incidents.
CREATE TABLE case_sweep (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,               -- retry
  process TEXT NOT NULL,
  detail TEXT NOT NULL,             -- JSON: what to do
  started_at INTEGER NOT NULL,
  account BLOB,                     -- who began it
  unit TEXT NOT NULL,
  post TEXT NOT NULL,
  total INTEGER NOT NULL,           -- as counted when it began
  done INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX case_sweep_started ON case_sweep (started_at, id);

CREATE TABLE case_sweep_refused (
  sweep BLOB NOT NULL,
  case_id BLOB NOT NULL,
  number TEXT NOT NULL,
  reasons TEXT NOT NULL,            -- JSON
  PRIMARY KEY (sweep, case_id)
) STRICT;
