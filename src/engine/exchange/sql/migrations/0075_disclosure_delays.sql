-- Uses that an investigation keeps from the person for a time: asked by the unit that reads, approved by another, with an end.
CREATE TABLE exchange_delay (
  id BLOB PRIMARY KEY,
  grant_id TEXT NOT NULL,
  matter BLOB,                 -- only uses for this case; NULL: all under the grant
  unit TEXT NOT NULL,          -- that asks: the grant's consumer
  until INTEGER NOT NULL,
  law TEXT NOT NULL,           -- JSON: [LawReference]
  reason TEXT NOT NULL,
  asked_at INTEGER NOT NULL,   -- uses before are told
  asked_by BLOB NOT NULL,
  decided_at INTEGER,
  decided_by BLOB,
  approved INTEGER,            -- 1 | 0; NULL: not decided
  decision TEXT NOT NULL DEFAULT '',
  ended_at INTEGER,            -- before its time
  ended_why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX exchange_delay_grant ON exchange_delay (grant_id);
