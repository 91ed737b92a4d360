-- aside
-- name: side_task_insert
-- A task beside the model has a wait of its own below 0: no token waits for it.
INSERT INTO case_task (id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, created_on, term, due_on, due_at, form, form_hash, kind, parent)
VALUES ($1, $2, (SELECT coalesce(min(wait), 0) - 1 FROM case_task WHERE case_id = $2 AND wait < 0), $3, $4, $5, $6, '', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_sides
UPDATE case_task SET sides = coalesce(sides, 0) + $2 WHERE id = $1
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_urged
UPDATE case_task SET urged = coalesce(urged, 0) + 1 WHERE id = $1
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: side_task_close
UPDATE case_task SET state = 3, done_at = $2 WHERE id = $1 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: task_return
UPDATE case_task SET state = 3, holder = $2, holder_unit = $3, done_at = $4, outcome = 'returned', opinion = $5 WHERE id = $1 AND state IN (0, 1)
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: sides_of_wait
SELECT s.id FROM case_task t JOIN case_task s ON s.parent = t.id WHERE t.case_id = $1 AND t.wait = $2 AND s.state IN (0, 1) ORDER BY s.id;

-- name: side_to_node
UPDATE case_task SET node = $2 WHERE id = $1
RETURNING id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash, outcome, opinion, kind, parent, sides, urged;

-- name: sides_of_task
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged,
  s.asked_by, s.asked_unit, s.asked_at, s.question, s.binding, s.form_data, s.closed_reason
FROM case_side s JOIN case_task t ON t.id = s.task JOIN case_file c ON c.id = t.case_id WHERE t.parent = $1 ORDER BY t.wait DESC;

-- name: side_of_task
SELECT t.id, t.case_id, t.wait, t.node, t.state, t.unit, t.post, t.role, t.holder, t.created_at, t.done_at, t.created_on, t.term, t.due_on, t.due_at, t.form, t.form_hash,
  t.outcome, t.opinion, c.number, COALESCE(t.node_definition, c.definition), c.item, c.applicant_kind, c.applicant, c.title, c.due_on, c.term, c.process, t.kind, t.parent, t.sides, t.urged,
  s.asked_by, s.asked_unit, s.asked_at, s.question, s.binding, s.form_data, s.closed_reason
FROM case_side s JOIN case_task t ON t.id = s.task JOIN case_file c ON c.id = t.case_id WHERE t.id = $1;

-- name: sides_count
SELECT count(*) FROM case_side WHERE parent = $1;

-- name: supplements_open
SELECT count(*) FROM case_task WHERE case_id = $1 AND kind = 4 AND state IN (0, 1);

-- name: supplements_of_step
SELECT count(*) FROM case_task WHERE case_id = $1 AND kind = 4 AND node = $2 AND state <> 3;

-- name: supplements_of_case
SELECT id FROM case_task WHERE case_id = $1 AND kind = 4 ORDER BY wait DESC LIMIT $2;

-- name: side_insert
INSERT INTO case_side (task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason;

-- name: side_answer
UPDATE case_side SET form_data = $2 WHERE task = $1
RETURNING task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason;

-- name: side_close
UPDATE case_side SET closed_reason = $2 WHERE task = $1
RETURNING task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason;

-- name: side_state_row
SELECT task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason FROM case_side WHERE task = $1;

-- name: side_state_rows
SELECT task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason FROM case_side;

-- name: doers_of_case
SELECT DISTINCT node, holder, node_definition FROM case_task WHERE case_id = $1 AND state = 2 AND holder IS NOT NULL AND (kind IS NULL OR kind = 1);

-- name: steps_done
SELECT wait, node, node_definition FROM case_task WHERE case_id = $1 AND state = 2 AND kind IS NULL ORDER BY done_at, id;

-- name: urge_insert
INSERT INTO case_urge (task, position, case_id, at, day, account, unit, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING task, position, case_id, at, day, account, unit, note;

-- name: urge_last
SELECT position, at, day, account, unit, note FROM case_urge WHERE task = $1 ORDER BY position DESC LIMIT 1;

-- name: urge_last_of
SELECT day FROM case_urge WHERE task = $1 AND account = $2 ORDER BY position DESC LIMIT 1;

-- name: urge_state_row
SELECT task, position, case_id, at, day, account, unit, note FROM case_urge WHERE task = $1 AND position = $2;

-- name: urge_state_rows
SELECT task, position, case_id, at, day, account, unit, note FROM case_urge;

-- name: comment_insert
INSERT INTO case_comment (id, case_id, task, at, account, unit, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, case_id, task, at, account, unit, body;

-- name: comment_count
SELECT count(*) FROM case_comment WHERE case_id = $1;

-- name: comments_of_case
SELECT id, task, at, account, unit, body FROM case_comment WHERE case_id = $1 ORDER BY at, id;

-- name: comment_state_row
SELECT id, case_id, task, at, account, unit, body FROM case_comment WHERE id = $1;

-- name: comment_state_rows
SELECT id, case_id, task, at, account, unit, body FROM case_comment;

-- name: contribution_of
SELECT 1 FROM case_task WHERE state = 1 AND holder = $1 AND kind = 3 LIMIT 1;
