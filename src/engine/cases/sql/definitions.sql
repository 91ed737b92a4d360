-- aside
-- name: definition_insert
INSERT INTO process_definition (hash, path, added_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING;

-- name: part_insert
INSERT INTO process_part (definition, position, bpmn) VALUES ($1, $2, $3) ON CONFLICT (definition, position) DO NOTHING;

-- name: parts_of_definition
SELECT bpmn FROM process_part WHERE definition = $1 ORDER BY position;

-- name: current_set
INSERT INTO process_current (process, definition, applied_at, ended) VALUES ($1, $2, $3, 0)
ON CONFLICT (process) DO UPDATE SET definition = excluded.definition, applied_at = excluded.applied_at, ended = 0;

-- name: current_end
UPDATE process_current SET ended = 1 WHERE process = $1;

-- name: current_one
SELECT definition FROM process_current WHERE process = $1 AND ended = 0;

-- name: current_all
SELECT process, definition FROM process_current WHERE ended = 0 ORDER BY process;

-- name: starts_clear
DELETE FROM process_start;

-- name: start_insert
INSERT INTO process_start (kind, name, process, node, gateway) VALUES ($1, $2, $3, $4, $5);

-- name: starts_of
SELECT process, node, gateway FROM process_start WHERE kind = $1 AND name = $2 ORDER BY process, node;

-- name: form_insert
INSERT INTO form_definition (hash, schema, layout) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING;

-- name: form_set
INSERT INTO form_current (form, hash, ended) VALUES ($1, $2, 0) ON CONFLICT (form) DO UPDATE SET hash = excluded.hash, ended = 0;

-- name: form_end
UPDATE form_current SET ended = 1 WHERE form = $1;

-- name: form_all
SELECT form, hash FROM form_current WHERE ended = 0 ORDER BY form;

-- name: form_current
SELECT hash FROM form_current WHERE form = $1 AND ended = 0;

-- name: form_by_hash
SELECT hash, schema, layout FROM form_definition WHERE hash = $1;

-- name: form_of_task
SELECT form_hash FROM case_task WHERE id = $1;

-- name: form_of_case
SELECT form_hash FROM case_file WHERE id = $1;

-- name: definition_hashes
SELECT hash FROM process_definition ORDER BY hash;

-- name: form_definitions
SELECT hash, schema, layout FROM form_definition;

-- name: version_last
SELECT max(ordinal) FROM process_version WHERE process = $1;

-- name: version_insert
INSERT INTO process_version (process, ordinal, definition, first_applied_at) VALUES ($1, $2, $3, $4) ON CONFLICT (process, definition) DO NOTHING;

-- name: versions_all
SELECT v.process, v.ordinal, v.definition, v.first_applied_at, c.definition, c.applied_at, c.ended, d.path
FROM process_version v JOIN process_definition d ON d.hash = v.definition LEFT JOIN process_current c ON c.process = v.process
ORDER BY v.process, v.ordinal DESC;

-- name: running_by_version
SELECT process, definition, count(*) FROM case_file WHERE closed_at IS NULL GROUP BY definition, process;

-- name: version_by_ordinal
SELECT definition FROM process_version WHERE process = $1 AND ordinal = $2;
