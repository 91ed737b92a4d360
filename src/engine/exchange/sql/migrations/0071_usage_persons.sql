-- SHA-256 over the persons whom a use was about, in order, so that its row vouches for them.
ALTER TABLE exchange_usage ADD COLUMN persons BLOB;
