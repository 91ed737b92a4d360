-- Uses that were kept as long as the law asks, and then moved into files. The rows are gone; their ledger entries stay.
CREATE TABLE exchange_usage_export (
  id BLOB PRIMARY KEY,
  first BLOB NOT NULL,         -- usage
  last BLOB NOT NULL,          -- usage
  before INTEGER NOT NULL,     -- all of them were made before this instant
  uses INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,        -- of the file, hexadecimal
  file TEXT NOT NULL,          -- below the folder of exports
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX exchange_usage_export_before ON exchange_usage_export (before);
