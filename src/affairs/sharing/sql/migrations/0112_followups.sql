-- The cases that follow a grant: that its data is handed over, and disposed of when it is over.
CREATE TABLE sharing_followup (
  kind TEXT NOT NULL,            -- delivery | disposal
  grant_id TEXT NOT NULL,
  case_id BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  PRIMARY KEY (kind, grant_id)
) STRICT;
CREATE UNIQUE INDEX sharing_followup_case ON sharing_followup (case_id);
