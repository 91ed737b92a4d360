-- How the sending of released deliveries to their consumers stands. Not vouched for by the ledger: what was released and acknowledged is.
CREATE TABLE exchange_push (
  delivery BLOB PRIMARY KEY,
  grant_id TEXT NOT NULL,
  resends INTEGER NOT NULL,              -- of the delivery: when it is sent again, so is this
  sent INTEGER NOT NULL DEFAULT 0,       -- parts that the receiver has confirmed, in their order
  attempts INTEGER NOT NULL DEFAULT 0,   -- that failed in a row
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  said TEXT NOT NULL DEFAULT '',         -- Words as JSON: why the last attempt failed
  leased_until INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER,
  stopped_at INTEGER                     -- given up, until somebody asks for it
) STRICT;
CREATE INDEX exchange_push_due ON exchange_push (next_at) WHERE done_at IS NULL AND stopped_at IS NULL;
CREATE INDEX exchange_push_grant ON exchange_push (grant_id, delivery) WHERE done_at IS NULL AND stopped_at IS NULL;
