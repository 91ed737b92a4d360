CREATE TABLE exchange_programme (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,            -- JSON: exchange::Programme
  since INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;

CREATE TABLE exchange_grant (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,            -- JSON: exchange::Grant
  since INTEGER NOT NULL,
  ended_at INTEGER,
  suspended_at INTEGER,          -- by an act; a pack that is applied again does not lift it
  suspended_reason TEXT
) STRICT;

CREATE TABLE exchange_usage (
  id BLOB PRIMARY KEY,
  at INTEGER NOT NULL,
  consumer TEXT NOT NULL,
  provider TEXT NOT NULL,
  resource TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  fields TEXT NOT NULL,          -- JSON: list of field ids
  records INTEGER NOT NULL,
  matter BLOB,
  matter_number TEXT NOT NULL,
  item TEXT NOT NULL,
  programme TEXT NOT NULL,
  by_applicant INTEGER NOT NULL,
  account BLOB,
  refused TEXT NOT NULL,         -- empty: it was answered
  entry BLOB NOT NULL
) STRICT;
CREATE INDEX exchange_usage_consumer ON exchange_usage (consumer, id);
CREATE INDEX exchange_usage_provider ON exchange_usage (provider, id);
CREATE INDEX exchange_usage_grant ON exchange_usage (grant_id, at);
CREATE INDEX exchange_usage_matter ON exchange_usage (matter, id) WHERE matter IS NOT NULL;

CREATE TABLE exchange_usage_person (
  person BLOB NOT NULL,
  usage BLOB NOT NULL,
  PRIMARY KEY (person, usage)
) STRICT, WITHOUT ROWID;
