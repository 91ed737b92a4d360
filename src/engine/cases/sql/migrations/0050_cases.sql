-- Definitions are kept by hash for ever: running and closed cases point to them.
CREATE TABLE process_definition (
  hash BLOB NOT NULL PRIMARY KEY,   -- SHA-256 over its parts
  path TEXT NOT NULL,               -- in the pack, when it was first applied
  added_at INTEGER NOT NULL
) STRICT;

-- The BPMN texts of a definition: the file itself (0), then the files of the processes that it calls.
CREATE TABLE process_part (
  definition BLOB NOT NULL,
  position INTEGER NOT NULL,
  bpmn TEXT NOT NULL,
  PRIMARY KEY (definition, position)
) STRICT;

-- The version of a process under which new cases begin; ended: the applied pack has it no longer.
CREATE TABLE process_current (
  process TEXT NOT NULL PRIMARY KEY,
  definition BLOB NOT NULL,
  applied_at INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What starts a process by itself: a message or signal of this name.
CREATE TABLE process_start (
  kind INTEGER NOT NULL,            -- 2 message, 3 signal
  name TEXT NOT NULL,
  process TEXT NOT NULL,
  node INTEGER NOT NULL,
  gateway INTEGER,
  PRIMARY KEY (kind, name, process, node)
) STRICT;

CREATE TABLE form_definition (
  hash BLOB NOT NULL PRIMARY KEY,   -- SHA-256 of schema and layout
  schema TEXT NOT NULL,
  layout TEXT NOT NULL
) STRICT;

CREATE TABLE form_current (
  form TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE case_file (
  id BLOB NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  process TEXT NOT NULL,
  definition BLOB NOT NULL,
  item TEXT NOT NULL,
  applicant_kind INTEGER NOT NULL,
  applicant BLOB NOT NULL,
  title TEXT NOT NULL,
  state INTEGER NOT NULL,
  version INTEGER NOT NULL,         -- grows with every act
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  received_on TEXT NOT NULL,
  term TEXT NOT NULL,
  due_on TEXT,                      -- none: no term, or its clock stands still
  provisional INTEGER NOT NULL,
  paused INTEGER NOT NULL,
  open_incidents INTEGER NOT NULL,
  last_event INTEGER NOT NULL,
  form TEXT NOT NULL,
  form_hash BLOB,
  machine BLOB NOT NULL             -- state_codec.hpp
) STRICT;
CREATE INDEX case_file_applicant ON case_file (applicant, opened_at);

-- What is too large for the row, by its hash.
CREATE TABLE case_blob (
  case_id BLOB NOT NULL,
  sha256 BLOB NOT NULL,
  octets BLOB NOT NULL,
  PRIMARY KEY (case_id, sha256)
) STRICT;

CREATE TABLE case_task (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  wait INTEGER NOT NULL,            -- of the state
  node INTEGER NOT NULL,            -- of the definition
  state INTEGER NOT NULL,           -- 0 free, 1 claimed, 2 done, 3 cancelled
  unit TEXT NOT NULL,
  post TEXT NOT NULL,
  role TEXT NOT NULL,
  holder BLOB,
  holder_unit TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  created_on TEXT NOT NULL,
  term TEXT NOT NULL,
  due_on TEXT,
  due_at INTEGER NOT NULL,          -- 9223372036854775807: none
  form TEXT NOT NULL,
  form_hash BLOB,
  outcome TEXT,
  opinion TEXT
) STRICT;
CREATE UNIQUE INDEX case_task_case ON case_task (case_id, wait);
CREATE INDEX case_task_free ON case_task (unit, post, role, due_at, id) WHERE state = 0;
CREATE INDEX case_task_claimed ON case_task (holder, due_at, id) WHERE state = 1;
CREATE INDEX case_task_done ON case_task (holder, done_at, id) WHERE state = 2;

CREATE TABLE case_pause (
  case_id BLOB NOT NULL,
  position INTEGER NOT NULL,
  stopped_on TEXT NOT NULL,
  resumed_on TEXT,
  reason TEXT NOT NULL,
  legal_basis TEXT NOT NULL,
  note TEXT NOT NULL,
  by_applicant INTEGER NOT NULL,
  PRIMARY KEY (case_id, position)
) STRICT;

-- Timers, service tasks and what else runs by itself. run_at is also the end of a lease.
CREATE TABLE case_job (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  wait INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- 0 timer, 1 service, 2 continue, 3 message, 4 signal
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  name TEXT NOT NULL,               -- handler, message or signal
  detail TEXT NOT NULL              -- JSON
) STRICT;
CREATE INDEX case_job_due ON case_job (run_at, id);
CREATE INDEX case_job_case ON case_job (case_id, wait);

CREATE TABLE case_subscription (
  case_id BLOB NOT NULL,
  wait INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- 2 message, 3 signal
  name TEXT NOT NULL,
  correlation TEXT NOT NULL,
  PRIMARY KEY (case_id, wait)
) STRICT;
CREATE INDEX case_subscription_name ON case_subscription (kind, name, correlation, case_id, wait);

CREATE TABLE case_incident (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  token INTEGER NOT NULL,           -- of the state; 0 for a job
  wait INTEGER NOT NULL,            -- of a job; else 0
  node INTEGER NOT NULL,
  at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  message_en TEXT NOT NULL,
  message_zh TEXT NOT NULL,
  open INTEGER NOT NULL
) STRICT;
CREATE INDEX case_incident_open ON case_incident (at, id) WHERE open = 1;
CREATE INDEX case_incident_case ON case_incident (case_id);

-- The one timeline of a case.
CREATE TABLE case_event (
  case_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,            -- timeline.hpp
  unit TEXT NOT NULL,
  node INTEGER,                     -- of the definition
  detail TEXT NOT NULL,
  entry BLOB,
  PRIMARY KEY (case_id, seq)
) STRICT;

-- Messages that a process sent and nobody inside waited for: to be delivered to other systems.
CREATE TABLE case_outbox (
  id BLOB NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL                -- JSON
) STRICT;
