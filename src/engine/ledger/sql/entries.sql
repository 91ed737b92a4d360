-- name: entry_by_id
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body
FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.seq = e.seq
WHERE e.id = $1;

-- name: entries_about
-- What the index has and what waits for it; an entry may be in both while it is taken over.
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body
FROM (SELECT i.seq FROM (SELECT seq FROM ledger_subject
        WHERE subject = $1 AND seq > COALESCE((SELECT seq FROM ledger_entry WHERE id = $2), 0) ORDER BY seq LIMIT $3) i
      UNION SELECT u.seq FROM (SELECT seq FROM ledger_unindexed
        WHERE seq > COALESCE((SELECT seq FROM ledger_entry WHERE id = $2), 0)
          AND replace(subjects, ' ' || CAST($1 AS TEXT) || ' ', '') <> subjects ORDER BY seq LIMIT $3) u) s
  JOIN ledger_entry e ON e.seq = s.seq LEFT JOIN ledger_leaf l ON l.seq = e.seq
ORDER BY s.seq LIMIT $3;

-- name: entries_from
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body
FROM ledger_leaf l JOIN ledger_entry e ON e.seq = l.seq
WHERE l.log = $1 AND l.idx >= $2
ORDER BY l.idx LIMIT $3;

-- name: erase_entry
UPDATE ledger_entry SET salt = NULL, body = NULL WHERE id = $1 AND body IS NOT NULL;

-- name: erased_entries
SELECT id FROM ledger_entry WHERE body IS NULL OR salt IS NULL ORDER BY seq;

-- name: erasures
-- Every entry whose body may record an erasure: canonical JSON, in which a text with these quotes has them escaped.
SELECT id, hash, salt, body FROM ledger_entry WHERE body LIKE '%"erased":[%' ORDER BY seq;

-- name: body_of
SELECT seq, body FROM ledger_entry WHERE id = $1;

-- name: erase_subject
DELETE FROM ledger_subject WHERE subject = $1 AND seq = $2;

-- name: erase_unindexed
DELETE FROM ledger_unindexed WHERE seq = $1;

-- name: bodies_between
SELECT e.id, e.at, e.kind, e.hash, e.salt, e.body
FROM ledger_leaf l JOIN ledger_entry e ON e.seq = l.seq
WHERE l.log = $1 AND l.idx >= $2 AND l.idx < $3
ORDER BY l.idx;

-- name: bodies_pending
SELECT e.id, e.at, e.kind, e.hash, e.salt, e.body, e.seq
FROM ledger_pending p JOIN ledger_entry e ON e.seq = p.seq
WHERE p.seq > $1
ORDER BY p.seq LIMIT $2;

-- name: first_since
-- Ids are made in the order of time.
SELECT seq FROM ledger_entry WHERE id >= $1 ORDER BY id LIMIT 1;

-- name: last_seq
SELECT COALESCE(max(seq), 0) FROM ledger_entry;

-- name: audit_all
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body, e.seq, e.salt
FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.seq = e.seq
WHERE e.seq >= $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3;

-- name: audit_of_kind
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body, e.seq, e.salt
FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.seq = e.seq
WHERE e.kind = $4 AND e.seq >= $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3;

-- name: audit_of_account
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body, e.seq, e.salt
FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.seq = e.seq
WHERE substr(e.body, 1, 21) = '{"actor":{"account":"' AND substr(e.body, 22, 36) = $4 AND e.seq >= $1 AND e.seq < $2
ORDER BY e.seq DESC LIMIT $3;

-- name: audit_about
SELECT e.id, e.at, e.kind, l.log, l.idx, e.body, e.seq, e.salt
FROM (SELECT i.seq FROM (SELECT seq FROM ledger_subject
        WHERE subject = $4 AND seq >= $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) i
      UNION SELECT u.seq FROM (SELECT seq FROM ledger_unindexed
        WHERE seq >= $1 AND seq < $2 AND replace(subjects, ' ' || CAST($4 AS TEXT) || ' ', '') <> subjects ORDER BY seq DESC LIMIT $3) u) s
  JOIN ledger_entry e ON e.seq = s.seq LEFT JOIN ledger_leaf l ON l.seq = e.seq
ORDER BY s.seq DESC LIMIT $3;
