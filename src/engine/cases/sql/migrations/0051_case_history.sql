-- A hash over the whole timeline of a case: SHA-256(the one before || the event), so that the row of the case vouches for its events.
ALTER TABLE case_file ADD COLUMN history BLOB;
