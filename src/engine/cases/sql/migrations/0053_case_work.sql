-- What people do with a task beside deciding it.
ALTER TABLE case_task ADD COLUMN kind INTEGER;    -- null: a step of the model; beside one: 1 preparation, 2 opinion, 3 contribution; their `wait` is below 0
ALTER TABLE case_task ADD COLUMN parent BLOB;     -- the step beside which it stands
ALTER TABLE case_task ADD COLUMN sides INTEGER;   -- of a step: how many tasks beside it are open; null: there never was one
ALTER TABLE case_task ADD COLUMN urged INTEGER;   -- how often; null: never
CREATE INDEX case_task_parent ON case_task (parent) WHERE parent IS NOT NULL;

-- What a task beside the model was given, and what came back beyond outcome and opinion.
CREATE TABLE case_side (
  task BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  parent BLOB NOT NULL,
  kind INTEGER NOT NULL,
  asked_by BLOB NOT NULL,
  asked_unit TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  question TEXT NOT NULL,
  binding INTEGER NOT NULL,         -- of an opinion: a negative one forbids an approving outcome
  form_data TEXT,                   -- JSON: the form as it was answered
  closed_reason TEXT                -- why it was taken back or declined
) STRICT;

CREATE TABLE case_urge (
  task BLOB NOT NULL,
  position INTEGER NOT NULL,        -- from 1
  case_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  day TEXT NOT NULL,
  account BLOB NOT NULL,
  unit TEXT NOT NULL,               -- empty: the applicant
  note TEXT NOT NULL,
  PRIMARY KEY (task, position)
) STRICT;

CREATE TABLE case_comment (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  task BLOB,                        -- about this one
  at INTEGER NOT NULL,
  account BLOB NOT NULL,
  unit TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX case_comment_case ON case_comment (case_id, at, id);
