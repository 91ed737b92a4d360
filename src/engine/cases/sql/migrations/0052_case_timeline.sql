-- The one timeline of a case, one row an act: what it made happen has one time, one unit and one ledger entry.
CREATE TABLE case_timeline (
  case_id BLOB NOT NULL,
  seq INTEGER NOT NULL,             -- of the first of its events; those after it count on
  at INTEGER NOT NULL,
  unit TEXT NOT NULL,
  entry BLOB,
  events TEXT NOT NULL,             -- timeline_rows.hpp
  PRIMARY KEY (case_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO case_timeline (case_id, seq, at, unit, entry, events)
SELECT case_id, seq, at, unit, entry,
  kind || CASE WHEN node IS NULL THEN '' ELSE ':' || node END || CASE WHEN detail = '' THEN '' ELSE ' ' || detail END
FROM case_event;
DROP TABLE case_event;
