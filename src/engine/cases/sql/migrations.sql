-- aside
-- name: migration_insert
INSERT INTO case_migration (id, process, from_definition, to_definition, renamed, started_at, after, moved, left_behind) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0);

-- name: migration_one
SELECT id, process, from_definition, to_definition, renamed, started_at, ended_at, after, moved, left_behind FROM case_migration WHERE id = $1;

-- name: migrations_of
SELECT id, process, from_definition, to_definition, renamed, started_at, ended_at, after, moved, left_behind FROM case_migration
WHERE process = $1 ORDER BY started_at DESC, id DESC LIMIT 50;

-- name: migration_under_way
SELECT id FROM case_migration WHERE process = $1 AND from_definition = $2 AND ended_at IS NULL LIMIT 1;

-- name: migration_progress
UPDATE case_migration SET after = $2, moved = moved + $3, left_behind = left_behind + $4, ended_at = $5 WHERE id = $1;

-- name: cases_of_version
SELECT id FROM case_file WHERE process = $1 AND definition = $2 AND closed_at IS NULL AND id > $3 ORDER BY id LIMIT $4;

-- name: case_to_version
UPDATE case_file SET definition = $2 WHERE id = $1;

-- name: tasks_keep_version
UPDATE case_task SET node_definition = $2 WHERE case_id = $1 AND state IN (2, 3) AND node_definition IS NULL;

-- name: task_to_node
UPDATE case_task SET node = $3 WHERE case_id = $1 AND wait = $2 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: incident_to_node
UPDATE case_incident SET node = $2, element = $3 WHERE id = $1;
