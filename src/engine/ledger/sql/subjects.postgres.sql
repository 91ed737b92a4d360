-- An act that erases one of these entries fails on the row that is gone, and is run again; one that another program takes over is left to it.
-- name: index_some
-- aside
WITH taken AS (DELETE FROM ledger_unindexed
  WHERE seq IN (SELECT seq FROM ledger_unindexed ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING seq, subjects)
INSERT INTO ledger_subject (subject, seq)
SELECT DISTINCT s.subject, t.seq FROM taken t, string_to_table(t.subjects, ' ') AS s (subject) WHERE s.subject <> '' ORDER BY 1, 2
ON CONFLICT DO NOTHING;
