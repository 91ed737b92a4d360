-- Corrections, what persons ask about their data, disputes. What was asked stands in the case alone.
CREATE TABLE sharing_matter (
  case_id BLOB PRIMARY KEY,
  kind TEXT NOT NULL,            -- correction | access | objection | deletion | dispute
  unit TEXT NOT NULL,            -- that asks; empty: a person does
  person BLOB,                   -- who asks; null: a unit does
  respondent TEXT NOT NULL,      -- the unit that answers
  resource TEXT NOT NULL,
  answer TEXT NOT NULL,          -- of who decided last; empty before
  asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sharing_matter_unit ON sharing_matter (unit, case_id);
CREATE INDEX sharing_matter_respondent ON sharing_matter (respondent, case_id);
CREATE INDEX sharing_matter_person ON sharing_matter (person, case_id);
