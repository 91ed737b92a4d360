-- Answers that were given under an Idempotency-Key, kept for 24 hours.
CREATE TABLE api_answer (
  account BLOB NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,       -- SHA-256 of operation, path and body
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,       -- JSON: name -> value
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, key)
) STRICT;
CREATE INDEX api_answer_at ON api_answer (at);
