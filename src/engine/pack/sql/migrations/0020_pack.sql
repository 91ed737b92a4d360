-- Every file of every pack that was ever applied, once, under its SHA-256. Never changed, never deleted.
CREATE TABLE pack_file (
  sha256 BLOB PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- Which files a pack has. `pack` is the hash of the whole pack.
CREATE TABLE pack_content (
  pack BLOB NOT NULL,
  path TEXT NOT NULL,
  sha256 BLOB NOT NULL REFERENCES pack_file (sha256),
  PRIMARY KEY (pack, path)
) STRICT, WITHOUT ROWID;

-- Which pack was applied when; the highest number is the current one. A pack may be applied again after another.
CREATE TABLE pack_applied (
  number INTEGER PRIMARY KEY,
  pack BLOB NOT NULL,
  key TEXT NOT NULL,
  version TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
