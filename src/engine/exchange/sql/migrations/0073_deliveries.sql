CREATE TABLE exchange_delivery (
  id BLOB PRIMARY KEY,
  grant_id TEXT NOT NULL,
  resource TEXT NOT NULL,
  consumer TEXT NOT NULL,
  provider TEXT NOT NULL,
  programme TEXT NOT NULL,
  kind TEXT NOT NULL,                  -- snapshot | changes
  format TEXT NOT NULL,                -- ndjson | csv
  key TEXT NOT NULL,                   -- the field by which a row is known again; empty: it need not be
  base BLOB,                           -- changes: since which delivery
  filter TEXT NOT NULL,                -- JSON; empty: none
  cycle TEXT NOT NULL,                 -- of a subscription: the first day of the cycle; empty: ordered by somebody
  state TEXT NOT NULL,                 -- ordered | released | acknowledged | recalled | expired | superseded | failed
  ordered_at INTEGER NOT NULL,
  released_at INTEGER,
  expires_at INTEGER,
  records INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  usage BLOB,
  acknowledged_at INTEGER,
  resends INTEGER NOT NULL DEFAULT 0,
  recalled_at INTEGER,
  recall_reason TEXT NOT NULL DEFAULT '',
  destroyed_at INTEGER,
  destroyed_note TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',        -- failed: Words as JSON
  attempt INTEGER NOT NULL DEFAULT 0,  -- from here on not vouched for: how the work stands
  leased_until INTEGER NOT NULL DEFAULT 0,
  indexed INTEGER NOT NULL DEFAULT 0,  -- it can be the base of changes
  files INTEGER NOT NULL DEFAULT 0     -- 0 none, 1 all, 2 the index alone
) STRICT;
CREATE INDEX exchange_delivery_grant ON exchange_delivery (grant_id, id);
CREATE INDEX exchange_delivery_consumer ON exchange_delivery (consumer, id);
CREATE INDEX exchange_delivery_provider ON exchange_delivery (provider, id);
CREATE INDEX exchange_delivery_to_make ON exchange_delivery (id) WHERE state = 'ordered';
CREATE INDEX exchange_delivery_files ON exchange_delivery (id) WHERE files > 0;
CREATE UNIQUE INDEX exchange_delivery_cycle ON exchange_delivery (grant_id, cycle) WHERE cycle <> '';

CREATE TABLE exchange_delivery_part (
  delivery BLOB NOT NULL,
  part INTEGER NOT NULL,               -- from 1
  records INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (delivery, part)
) STRICT;
