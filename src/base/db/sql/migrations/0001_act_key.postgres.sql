CREATE TABLE act_key (
  octets bytea PRIMARY KEY,
  attempt bytea NOT NULL,
  done_at bigint NOT NULL
);
CREATE INDEX act_key_by_time ON act_key (done_at);

-- One random value that is gone after a crash of the server and unknown to a standby, since the table is not logged. While it stays the
-- same, no transaction number was given twice: PostgreSQL gives numbers again that had not reached the log when it crashed.
CREATE UNLOGGED TABLE act_epoch (
  one bigint PRIMARY KEY CHECK (one = 1),
  value text COLLATE "C" NOT NULL
);
