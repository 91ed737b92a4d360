-- A draft that a clerk fills in at a counter for the person before her, and where a case was taken in.
ALTER TABLE service_draft ADD COLUMN counter BLOB;        -- the clerk's account; null: the applicant fills it in herself
ALTER TABLE service_draft ADD COLUMN counter_unit TEXT;
CREATE INDEX service_draft_counter ON service_draft (counter, changed_at) WHERE counter IS NOT NULL;
CREATE TABLE service_counter (
  case_id BLOB NOT NULL PRIMARY KEY,
  unit TEXT NOT NULL,
  account BLOB NOT NULL,
  taken_at INTEGER NOT NULL
) STRICT;
CREATE INDEX service_counter_unit ON service_counter (unit, taken_at, case_id);
