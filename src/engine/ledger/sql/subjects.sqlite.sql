-- Of an entry that still waits: one that was erased meanwhile does not.
-- name: index_subject
-- aside
INSERT INTO ledger_subject (subject, seq) SELECT $1, seq FROM ledger_unindexed WHERE seq = $2 ON CONFLICT DO NOTHING;

-- name: release_unindexed
-- aside
DELETE FROM ledger_unindexed WHERE seq <= $1;
