-- aside
-- name: mark_set
INSERT INTO case_mark (task, unit, mark, due_at) VALUES ($1, $2, $3, $4) ON CONFLICT (task) DO UPDATE SET unit = excluded.unit, mark = excluded.mark, due_at = excluded.due_at;

-- name: mark_clear
DELETE FROM case_mark WHERE task = $1;

-- name: mark_unit
UPDATE case_mark SET unit = $2 WHERE task = $1 AND unit <> $2;
