-- name: unindexed
SELECT seq, subjects FROM ledger_unindexed ORDER BY seq LIMIT $1;

-- name: indexed_subjects
SELECT seq, subject FROM ledger_subject;

-- name: unindexed_subjects
SELECT seq, subjects FROM ledger_unindexed;

-- name: bodies_by_seq
SELECT seq, id, body FROM ledger_entry ORDER BY seq;
