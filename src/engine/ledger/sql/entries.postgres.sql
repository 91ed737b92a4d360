-- An entry, its place in the queue and its subjects (keys, separated by one space) in one statement.
-- name: insert_whole_entry
-- aside
WITH entry AS (INSERT INTO ledger_entry (id, at, kind, hash, salt, body) VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq),
  pending AS (INSERT INTO ledger_pending (seq) SELECT seq FROM entry)
INSERT INTO ledger_subject (subject, seq)
SELECT DISTINCT s.subject, entry.seq FROM entry, string_to_table(CAST($7 AS TEXT), ' ') AS s (subject) WHERE s.subject <> '';
