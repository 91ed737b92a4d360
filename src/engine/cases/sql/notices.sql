-- aside
-- name: notice_insert
INSERT INTO case_notice (id, case_id, task, kind, account, unit, post, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: notice_seen
UPDATE case_notice SET seen_at = $2, seen_by = $3 WHERE id = $1 AND seen_at IS NULL;

-- name: notice_one
SELECT n.id, n.kind, n.case_id, n.task, n.account, n.unit, n.post, n.at, n.seen_at, c.number, c.title, COALESCE(t.node_definition, c.definition), c.due_on, t.node, t.state, t.unit, t.post, t.role, t.due_on
FROM case_notice n JOIN case_file c ON c.id = n.case_id LEFT JOIN case_task t ON t.id = n.task WHERE n.id = $1;

-- Keys, the latest first: of an account or of a post, unseen or all.

-- name: notices_of_account_unseen
SELECT at, id FROM case_notice WHERE account IS NOT NULL AND seen_at IS NULL AND account = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4;

-- name: notices_of_account_seen
SELECT at, id FROM case_notice WHERE account IS NOT NULL AND seen_at IS NOT NULL AND account = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4;

-- name: notices_of_post_unseen
SELECT at, id FROM case_notice WHERE account IS NULL AND seen_at IS NULL AND unit = $1 AND post = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5;

-- name: notices_of_post_seen
SELECT at, id FROM case_notice WHERE account IS NULL AND seen_at IS NOT NULL AND unit = $1 AND post = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5;

-- name: notice_state_row
SELECT id, case_id, task, kind, account, unit, post, at, seen_at, seen_by FROM case_notice WHERE id = $1;

-- name: notice_state_rows
SELECT id, case_id, task, kind, account, unit, post, at, seen_at, seen_by FROM case_notice;
