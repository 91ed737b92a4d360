-- The logs of this node: one, and a successor after each recovery. `size` and `root` are the tree's, changed by compare-and-swap;
-- `checkpoint` is the newest signed note, for the first `checkpoint_size` leaves. `succession` is the signed note that declares a successor.
CREATE TABLE ledger_log (
  log INTEGER PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  opened_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  checkpoint_size INTEGER,
  checkpoint TEXT,
  succession TEXT
) STRICT;

-- One row an act, in the order of arrival. `hash` is SHA-256(salt || body); salt and body are NULL once erased.
CREATE TABLE ledger_entry (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  hash BLOB NOT NULL,
  salt BLOB,
  body TEXT
) STRICT;

CREATE TABLE ledger_subject (
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_subject_by_seq ON ledger_subject (seq);

-- Entries that have no place in a log yet.
CREATE TABLE ledger_pending (
  seq INTEGER PRIMARY KEY
) STRICT;

-- The place of each entry: gapless indexes from 0.
CREATE TABLE ledger_leaf (
  log INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

-- Tiles of c2sp.org/tlog-tiles: up to 256 hashes of 32 octets. A partial tile grows in place; each narrower one is its beginning.
CREATE TABLE ledger_tile (
  log INTEGER NOT NULL,
  level INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (log, level, n)
) STRICT;
