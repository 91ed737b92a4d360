-- Answers to acts that carried an Idempotency-Key, kept for 24 hours: the same key gets the same answer.
CREATE TABLE api_answer (
  account BLOB NOT NULL,   -- who asked
  key TEXT NOT NULL,       -- Idempotency-Key
  request BLOB NOT NULL,   -- SHA-256 of operation, path and body: another request under the key is a conflict
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,   -- JSON: name -> value
  body TEXT NOT NULL,
  at INTEGER NOT NULL,     -- microseconds UTC
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_answer_by_time ON api_answer (at);
