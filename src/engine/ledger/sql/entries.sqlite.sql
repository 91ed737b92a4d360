-- name: insert_entry
-- aside
INSERT INTO ledger_entry (id, at, kind, hash, salt, body) VALUES ($1, $2, $3, $4, $5, $6);

-- Right after insert_entry, on its connection: the row's key is its seq.
-- name: insert_pending
-- aside
INSERT INTO ledger_pending (seq) VALUES (last_insert_rowid());

-- After insert_pending, which leaves the same key.
-- name: insert_unindexed
-- aside
INSERT INTO ledger_unindexed (seq, subjects) VALUES (last_insert_rowid(), $1);
