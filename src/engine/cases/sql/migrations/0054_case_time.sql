-- Open tasks by their unit: what its head looks through. Open cases by whom they are about: what a clerk types.
CREATE INDEX case_task_unit ON case_task (unit, due_at, id) WHERE state IN (0, 1);
CREATE INDEX case_file_title ON case_file (title) WHERE closed_at IS NULL AND title <> '';

-- Open tasks that are yellow or red now. Kept by the job of each task (kind 10); what it says can be counted anew from the task and the calendar.
CREATE TABLE case_mark (
  task BLOB NOT NULL PRIMARY KEY,
  unit TEXT NOT NULL,               -- of the task
  mark INTEGER NOT NULL,            -- 1 yellow, 2 red
  due_at INTEGER NOT NULL           -- of the task
) STRICT, WITHOUT ROWID;
CREATE INDEX case_mark_unit ON case_mark (unit, mark, due_at, task);

-- What somebody is told of a task, or of a case as a whole: once for each mark.
CREATE TABLE case_notice (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  task BLOB,                        -- none: the case as a whole
  kind INTEGER NOT NULL,            -- 1 reminder, 2 escalation
  account BLOB,                     -- for whom: one who had taken it on, or
  unit TEXT NOT NULL,               -- whoever holds this post (empty: any post) of this unit
  post TEXT NOT NULL,
  at INTEGER NOT NULL,
  seen_at INTEGER,
  seen_by BLOB
) STRICT;
CREATE INDEX case_notice_account ON case_notice (account, at, id) WHERE account IS NOT NULL;
CREATE INDEX case_notice_account_unseen ON case_notice (account, at, id) WHERE account IS NOT NULL AND seen_at IS NULL;
CREATE INDEX case_notice_post ON case_notice (unit, post, at, id) WHERE account IS NULL;
CREATE INDEX case_notice_post_unseen ON case_notice (unit, post, at, id) WHERE account IS NULL AND seen_at IS NULL;
CREATE INDEX case_notice_case ON case_notice (case_id);

-- The statutory term of a case, beside the promised one of case_file: no promise ever moves it.
CREATE TABLE case_term (
  case_id BLOB NOT NULL PRIMARY KEY,
  term TEXT NOT NULL,               -- `20 WD` or `30 D`
  due_on TEXT,                      -- none: its clock stands still
  provisional INTEGER NOT NULL      -- it runs into a year whose holidays are not yet published
) STRICT, WITHOUT ROWID;
