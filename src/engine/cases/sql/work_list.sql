-- Keys of open tasks, the most urgent first: parts of an index, each read from a key on.

-- name: keys_claimed
SELECT due_at, id FROM case_task WHERE state = 1 AND holder = $1 AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4;

-- name: keys_claimed_marked
SELECT t.due_at, t.id FROM case_task t JOIN case_mark m ON m.task = t.id
WHERE t.state = 1 AND t.holder = $1 AND m.mark = $2 AND (t.due_at, t.id) > ($3, $4) ORDER BY t.due_at, t.id LIMIT $5;

-- name: keys_stood_in
SELECT due_at, id FROM case_task WHERE state = 1 AND holder = $1 AND unit IN ('', $2) AND post IN ('', $3) AND (due_at, id) > ($4, $5) ORDER BY due_at, id LIMIT $6;

-- name: keys_stood_in_marked
SELECT t.due_at, t.id FROM case_task t JOIN case_mark m ON m.task = t.id
WHERE t.state = 1 AND t.holder = $1 AND t.unit IN ('', $2) AND t.post IN ('', $3) AND m.mark = $4 AND (t.due_at, t.id) > ($5, $6) ORDER BY t.due_at, t.id LIMIT $7;

-- name: keys_free
SELECT due_at, id FROM case_task WHERE state = 0 AND unit = $1 AND post = $2 AND role = $3 AND (due_at, id) > ($4, $5) ORDER BY due_at, id LIMIT $6;

-- name: keys_free_marked
SELECT m.due_at, m.task FROM case_mark m CROSS JOIN case_task t
WHERE m.unit = $1 AND m.mark = $2 AND t.id = m.task AND t.state = 0 AND t.post = $3 AND t.role = $4 AND (m.due_at, m.task) > ($5, $6) ORDER BY m.due_at, m.task LIMIT $7;

-- name: keys_of_unit
SELECT due_at, id FROM case_task WHERE state IN (0, 1) AND unit = $1 AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4;

-- name: keys_of_unit_marked
SELECT due_at, task FROM case_mark WHERE unit = $1 AND mark = $2 AND (due_at, task) > ($3, $4) ORDER BY due_at, task LIMIT $5;

-- name: tasks_by_number
SELECT t.due_at, t.id, t.state, t.unit, t.post, t.role, t.holder
FROM (SELECT id FROM case_file WHERE number >= $1 AND number < $2 ORDER BY number LIMIT $3) c CROSS JOIN case_task t WHERE t.case_id = c.id AND t.state IN (0, 1);

-- name: tasks_by_title
SELECT t.due_at, t.id, t.state, t.unit, t.post, t.role, t.holder
FROM (SELECT id FROM case_file WHERE closed_at IS NULL AND title <> '' AND title >= $1 AND title < $2 ORDER BY title LIMIT $3) c CROSS JOIN case_task t
WHERE t.case_id = c.id AND t.state IN (0, 1);
