-- name: insert_log
INSERT INTO ledger_log (log, origin, opened_at, size, root, succession) VALUES ($1, $2, $3, 0, $4, $5);

-- name: newest_log
SELECT log, origin, opened_at, size, root, checkpoint_size, checkpoint, succession FROM ledger_log ORDER BY log DESC LIMIT 1;

-- name: log_by_number
SELECT log, origin, opened_at, size, root, checkpoint_size, checkpoint, succession FROM ledger_log WHERE log = $1;

-- name: every_log
SELECT log, origin, opened_at, size, root, checkpoint_size, checkpoint, succession FROM ledger_log ORDER BY log;

-- name: lock_log
-- aside
-- Takes the row's lock: who sequences waits here for whoever sequences already, and then sees what that one left.
UPDATE ledger_log SET size = size WHERE log = $1 RETURNING size, root;

-- name: newest_log_number
SELECT max(log) FROM ledger_log;

-- name: any_pending
SELECT seq FROM ledger_pending LIMIT 1;

-- name: assign_places
-- aside
INSERT INTO ledger_leaf (log, idx, seq)
SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT) + row_number() OVER (ORDER BY p.seq) - 1, p.seq
FROM (SELECT seq FROM ledger_pending ORDER BY seq LIMIT $3) p;

-- name: release_pending
-- aside
DELETE FROM ledger_pending WHERE seq IN (SELECT seq FROM ledger_leaf WHERE log = $1 AND idx >= $2);

-- name: leaves
SELECT l.idx, e.at, e.hash
FROM ledger_leaf l JOIN ledger_entry e ON e.seq = l.seq
WHERE l.log = $1 AND l.idx >= $2 AND l.idx < $3
ORDER BY l.idx;

-- name: salted_bodies
SELECT l.idx, e.salt, e.body
FROM ledger_leaf l JOIN ledger_entry e ON e.seq = l.seq
WHERE l.log = $1 AND l.idx >= $2 AND l.idx < $3
ORDER BY l.idx;

-- name: tile
SELECT hashes FROM ledger_tile WHERE log = $1 AND level = $2 AND n = $3;

-- name: put_tile
-- aside
INSERT INTO ledger_tile (log, level, n, hashes) VALUES ($1, $2, $3, $4)
ON CONFLICT (log, level, n) DO UPDATE SET hashes = excluded.hashes;

-- name: swap_tree
-- aside
UPDATE ledger_log SET size = $2, root = $3 WHERE log = $1 AND size = $4;

-- name: publish
-- aside
UPDATE ledger_log SET checkpoint_size = $2, checkpoint = $3
WHERE log = $1 AND size >= $2 AND (checkpoint_size IS NULL OR checkpoint_size < $2);
