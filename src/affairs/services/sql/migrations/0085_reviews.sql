-- What people think of how they were served: one review a case, and one a visit to a counter.
CREATE TABLE service_review (
  id BLOB PRIMARY KEY,
  case_id BLOB NOT NULL,
  occasion INTEGER NOT NULL,     -- services::Occasion
  item TEXT NOT NULL,
  unit TEXT NOT NULL,            -- that is reviewed
  channel INTEGER NOT NULL,      -- services::Channel
  grade INTEGER NOT NULL,        -- 5 very satisfied to 1 very dissatisfied
  tags TEXT NOT NULL,            -- JSON: ids of reviews.yaml
  words TEXT NOT NULL,
  anonymous INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state INTEGER NOT NULL,        -- services::ReviewState
  followup BLOB,                 -- the case that follows up a bad one
  due_on TEXT,
  finding TEXT NOT NULL,         -- services::Finding; empty before
  answer TEXT NOT NULL,          -- what the reviewer is told; empty before
  answered_on TEXT,
  settled_on TEXT
) STRICT;
CREATE UNIQUE INDEX service_review_once ON service_review (case_id, occasion);
CREATE UNIQUE INDEX service_review_followup ON service_review (followup) WHERE followup IS NOT NULL;
CREATE INDEX service_review_unit ON service_review (unit, id);
CREATE INDEX service_review_item ON service_review (item, at, state, grade);
