-- The subjects of entries that ledger_subject does not have yet: keys, with a space before and after each. An act writes one row at the end of this
-- table instead of one a subject all over the index; the sequencer takes them over.
CREATE TABLE ledger_unindexed (
  seq INTEGER PRIMARY KEY,
  subjects TEXT NOT NULL
) STRICT;
