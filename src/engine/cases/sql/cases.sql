-- aside
-- name: case_insert
INSERT INTO case_file (id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, received_on, term, due_on, provisional,
  paused, open_incidents, last_event, form, form_hash, machine, history)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13, $14, 0, $15, $16, $17, $18, $19, $20);

-- name: case_one
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on, provisional, paused,
  open_incidents, last_event, form, form_hash, machine, history
FROM case_file WHERE id = $1;

-- name: case_update
-- Fails, for a version may not be null, where the row is not the one that was read.
UPDATE case_file SET state = $2, version = CASE version WHEN $10 THEN version + 1 END, due_on = $3, provisional = $4, paused = $5, open_incidents = $6,
  last_event = $7, machine = $8, history = $9
WHERE id = $1;

-- name: case_term
-- Apart from the rest: only a step that gives the case its term, or extends it, changes it.
UPDATE case_file SET term = $2, received_on = $3 WHERE id = $1;

-- name: case_close
-- Apart from the rest: only the end of a case moves it in the index of closed ones.
UPDATE case_file SET closed_at = $2 WHERE id = $1;

-- name: case_state_row
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on, paused, form, machine
FROM case_file WHERE id = $1;

-- name: case_state_rows
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on, paused, form, machine
FROM case_file;

-- name: case_state_row_2
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on, paused, form, form_hash,
  last_event, history, machine
FROM case_file WHERE id = $1;

-- name: case_state_rows_2
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on, paused, form, form_hash,
  last_event, history, machine
FROM case_file;

-- name: histories
SELECT id, number, last_event, history FROM case_file WHERE history IS NOT NULL AND id > $1 ORDER BY id LIMIT $2;

-- name: case_summary
SELECT id, number, process, item, applicant_kind, applicant, title, state, opened_at, closed_at, due_on FROM case_file WHERE id = $1;

-- name: case_by_number
SELECT id FROM case_file WHERE number = $1;

-- name: cases_of_applicant
SELECT id, number, process, item, applicant_kind, applicant, title, state, opened_at, closed_at, due_on FROM case_file
WHERE applicant = $1 AND applicant_kind = $2 AND (opened_at < $3 OR (opened_at = $3 AND id < $4)) ORDER BY opened_at DESC, id DESC LIMIT $5;

-- name: blob_insert
INSERT INTO case_blob (case_id, sha256, octets) VALUES ($1, $2, $3) ON CONFLICT (case_id, sha256) DO NOTHING;

-- name: blob_one
SELECT octets FROM case_blob WHERE case_id = $1 AND sha256 = $2;

-- name: blob_names
SELECT sha256 FROM case_blob WHERE case_id = $1;

-- name: blob_delete
DELETE FROM case_blob WHERE case_id = $1 AND sha256 = $2;

-- name: pause_insert
INSERT INTO case_pause (case_id, position, stopped_on, reason, legal_basis, note, by_applicant) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: pause_resume
UPDATE case_pause SET resumed_on = $2 WHERE case_id = $1 AND resumed_on IS NULL;

-- name: pauses_of_case
SELECT stopped_on, resumed_on, reason, legal_basis, note, by_applicant FROM case_pause WHERE case_id = $1 ORDER BY position;

-- name: timeline_insert
INSERT INTO case_timeline (case_id, seq, at, unit, entry, events) VALUES ($1, $2, $3, $4, $5, $6);

-- name: timeline_of_case
SELECT seq, at, unit, entry, events FROM case_timeline WHERE case_id = $1 ORDER BY seq;

-- name: outbox_insert
INSERT INTO case_outbox (id, at, type, subject, body, due_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: outbox_due
SELECT id, at, type, subject, body, attempts, due_at FROM case_outbox WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2;

-- name: outbox_lease
UPDATE case_outbox SET due_at = $3, attempts = attempts + 1 WHERE id = $1 AND due_at = $2;

-- name: outbox_later
UPDATE case_outbox SET due_at = $2 WHERE id = $1 AND due_at IS NOT NULL;

-- name: outbox_end
-- What was said stays nowhere: its row only tells what became of it.
UPDATE case_outbox SET due_at = NULL, body = '{}', ended_at = $2, ending = $3 WHERE id = $1 AND due_at IS NOT NULL;

-- name: outbox_next
SELECT due_at FROM case_outbox WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1;

-- name: outbox_counts
SELECT ending, count(*) FROM case_outbox WHERE due_at IS NOT NULL OR ended_at IS NOT NULL GROUP BY ending ORDER BY ending;

-- name: open_terms
SELECT id, number, received_on, term, due_on FROM case_file WHERE closed_at IS NULL AND id > $1 ORDER BY id LIMIT $2;

-- name: open_task_terms
SELECT t.case_id, t.id, t.created_on, t.term, t.due_on FROM case_task t JOIN case_file c ON c.id = t.case_id
WHERE c.closed_at IS NULL AND t.state IN (0, 1) AND t.term <> '' AND t.case_id > $1 AND t.case_id <= $2 ORDER BY t.case_id, t.id;

-- name: pauses_between
SELECT case_id, stopped_on, resumed_on FROM case_pause WHERE case_id > $1 AND case_id <= $2 ORDER BY case_id, position;
