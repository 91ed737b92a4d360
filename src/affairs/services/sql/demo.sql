-- name: demo_one
SELECT clock_offset, altered_case, altered_was FROM demo_state WHERE id = 1

-- name: demo_put_clock
INSERT INTO demo_state (id, clock_offset) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET clock_offset = $1

-- name: demo_put_altered
INSERT INTO demo_state (id, clock_offset, altered_case, altered_was) VALUES (1, 0, $1, $2)
ON CONFLICT (id) DO UPDATE SET altered_case = $1, altered_was = $2

-- name: demo_victim
SELECT id, state FROM case_file WHERE closed_at IS NOT NULL AND item <> '' AND state IN (4, 5) ORDER BY state DESC, closed_at DESC LIMIT 1

-- name: demo_alter
UPDATE case_file SET state = $2 WHERE id = $1
