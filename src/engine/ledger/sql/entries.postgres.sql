-- An entry, its place in the queue and its subjects for the index, in one statement.
-- name: insert_whole_entry
-- aside
WITH entry AS (INSERT INTO ledger_entry (id, at, kind, hash, salt, body) VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq),
  pending AS (INSERT INTO ledger_pending (seq) SELECT seq FROM entry)
INSERT INTO ledger_unindexed (seq, subjects) SELECT seq, $7 FROM entry WHERE CAST($7 AS TEXT) <> '';
