-- The sealed password or token of a source, and what the last check of it found.
CREATE TABLE catalogue_secret (
  source TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,        -- crypto::KeyRing::seal, for the source, the secret's name and the address that it goes to
  set_at INTEGER NOT NULL
) STRICT;

CREATE TABLE catalogue_check (
  source TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  body TEXT NOT NULL           -- JSON: catalogue::SourceCheck
) STRICT;
