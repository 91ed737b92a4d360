-- Grants that a request gave, beside those of the pack: a pack that is applied leaves them alone.
ALTER TABLE exchange_grant ADD COLUMN origin TEXT NOT NULL DEFAULT 'pack';   -- pack | act
ALTER TABLE exchange_grant ADD COLUMN by_case BLOB;                          -- the request that gave it, or changed it last
ALTER TABLE exchange_grant ADD COLUMN ended_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_grant ADD COLUMN disposed_at INTEGER;                   -- the consumer has confirmed that it disposed of the data
ALTER TABLE exchange_grant ADD COLUMN disposed_note TEXT NOT NULL DEFAULT '';

CREATE TABLE exchange_grant_version (
  grant_id TEXT NOT NULL,
  version INTEGER NOT NULL,      -- from 1
  body TEXT NOT NULL,
  since INTEGER NOT NULL,
  by_case BLOB NOT NULL,
  PRIMARY KEY (grant_id, version)
) STRICT;
