-- aside
-- name: task_and_case
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  c.id, c.number, c.process, c.definition, c.item, c.applicant_kind, c.applicant, c.title, c.state, c.version, c.opened_at, c.closed_at, c.received_on, c.term, c.due_on,
  c.provisional, c.paused, c.open_incidents, c.last_event, c.form, c.form_hash, c.machine, c.history, t.kind, t.parent, t.sides, t.urged
FROM case_task t JOIN case_file c ON c.id = t.case_id WHERE t.id = $1;

-- name: open_tasks_of_case
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged
FROM case_task t JOIN case_file c ON c.id = t.case_id WHERE t.case_id = $1 AND t.state IN (0, 1) ORDER BY t.created_at, t.id;

-- name: task_insert
INSERT INTO case_task (id, case_id, wait, node, state, unit, post, role, created_at, created_on, term, due_on, due_at, form, form_hash)
VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: task_one
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged
FROM case_task t JOIN case_file c ON c.id = t.case_id WHERE t.id = $1;

-- name: tasks_of_case
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged
FROM case_task t JOIN case_file c ON c.id = t.case_id WHERE t.case_id = $1 ORDER BY t.created_at, t.id;

-- name: tasks_by_ids
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged
FROM case_task t JOIN case_file c ON c.id = t.case_id
WHERE t.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32);

-- name: tasks_done
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged
FROM (SELECT * FROM case_task WHERE state = 2 AND holder = $1 AND (done_at < $2 OR (done_at = $2 AND id < $3)) ORDER BY done_at DESC, id DESC LIMIT $4) t
JOIN case_file c ON c.id = t.case_id ORDER BY t.done_at DESC, t.id DESC;

-- name: task_claim
UPDATE case_task SET state = 1, holder = $2, holder_unit = $3 WHERE id = $1 AND state = 0
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_release
UPDATE case_task SET state = 0, holder = NULL, holder_unit = NULL WHERE id = $1 AND state = 1
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_to_account
UPDATE case_task SET state = 1, holder = $2, holder_unit = $3 WHERE id = $1 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_to_post
UPDATE case_task SET state = 0, holder = NULL, holder_unit = NULL, unit = $2, post = $3 WHERE id = $1 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_done
UPDATE case_task SET state = 2, holder = $2, holder_unit = $3, done_at = $4, outcome = $5, opinion = $6 WHERE id = $1 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_cancel
UPDATE case_task SET state = 3, done_at = $3 WHERE case_id = $1 AND wait = $2 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_due
UPDATE case_task SET due_on = $2, due_at = $3 WHERE id = $1
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: tasks_of_unit_in_case
-- A contribution lets nobody see the case.
SELECT 1 FROM case_task WHERE case_id = $1 AND (unit = $2 OR holder_unit = $2) AND (kind IS NULL OR kind <> 3) LIMIT 1;

-- name: units_of_case
SELECT unit FROM case_task WHERE case_id = $1 AND unit <> '' UNION SELECT holder_unit FROM case_task WHERE case_id = $1 AND holder_unit <> '';

-- name: task_open
SELECT t.id, t.case_id, t.node, t.unit, t.post, t.role, t.holder, t.holder_unit, t.term, t.due_on, t.due_at, c.definition FROM case_task t JOIN case_file c ON c.id = t.case_id
WHERE t.id = $1 AND t.state IN (0, 1);

-- name: task_state_row
SELECT id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion FROM case_task WHERE id = $1;

-- name: task_state_rows
SELECT id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion FROM case_task;

-- name: task_state_row_2
SELECT id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged FROM case_task WHERE id = $1;

-- name: task_state_rows_2
SELECT id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged FROM case_task;
