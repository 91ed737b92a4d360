-- One row for each act that was done under an idempotency key. `attempt` tells two runs under the same key apart,
-- so that an act whose answer was lost can be looked up without mistaking another's commit for its own.
CREATE TABLE act_key (
  octets BLOB PRIMARY KEY,
  attempt BLOB NOT NULL,
  done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX act_key_by_time ON act_key (done_at);
