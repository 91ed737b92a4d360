-- aside
-- Cases of closed months: first how they stand in the archive, then the rows of a case as they go into its record and come out of it again.
-- A column that is added to one of these tables is added to both queries here, and record_version of archive_rows.hpp grows.

-- name: archive_insert
INSERT INTO case_archive (id, month, sha256, size, cases, made_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: archive_under_way
SELECT id, month, sha256, size, cases, made_at, ended_at FROM case_archive WHERE ended_at IS NULL ORDER BY made_at, id LIMIT 1;

-- name: archive_end
UPDATE case_archive SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL;

-- name: archives
SELECT id, month, sha256, size, cases, made_at, ended_at FROM case_archive ORDER BY month, made_at, id;

-- name: archive_state
SELECT id, month, sha256, size, cases, made_at FROM case_archive WHERE id = $1;

-- name: archive_states
SELECT id, month, sha256, size, cases, made_at FROM case_archive;

-- name: archive_oldest
SELECT closed_at FROM case_file WHERE closed_at IS NOT NULL AND archived IS NULL AND closed_at >= $1 ORDER BY closed_at LIMIT 1;

-- name: archive_count
SELECT count(*) FROM case_file WHERE closed_at IS NOT NULL AND archived IS NULL AND closed_at >= $1 AND closed_at < $2;

-- name: archive_candidates
-- What still has something to do, such as a step that failed, stays where it is.
SELECT c.id, c.closed_at FROM case_file c
WHERE c.closed_at IS NOT NULL AND c.archived IS NULL AND c.closed_at >= $1 AND c.closed_at < $2 AND c.open_incidents = 0
  AND (c.closed_at > $3 OR (c.closed_at = $3 AND c.id > $4))
  AND NOT EXISTS (SELECT 1 FROM case_job j WHERE j.case_id = c.id) AND NOT EXISTS (SELECT 1 FROM case_archived a WHERE a.case_id = c.id)
ORDER BY c.closed_at, c.id LIMIT $5;

-- name: archived_insert
INSERT INTO case_archived (case_id, archive, position, size, sealed_key, units) VALUES ($1, $2, $3, $4, $5, $6);

-- name: archived_one
SELECT case_id, archive, position, size, sealed_key FROM case_archived WHERE case_id = $1 AND moved_at IS NOT NULL;

-- name: archived_pending
SELECT case_id, position, size, sealed_key FROM case_archived WHERE archive = $1 AND moved_at IS NULL ORDER BY case_id LIMIT $2;

-- name: archived_give_up_all
DELETE FROM case_archived WHERE archive = $1 AND moved_at IS NULL;

-- name: archived_some
SELECT 1 FROM case_archived WHERE archive = $1 LIMIT 1;

-- name: archive_delete
DELETE FROM case_archive WHERE id = $1;

-- name: archived_moved
UPDATE case_archived SET moved_at = $2 WHERE case_id = $1 AND moved_at IS NULL;

-- name: archived_give_up
DELETE FROM case_archived WHERE case_id = $1 AND moved_at IS NULL;

-- name: archived_erase
UPDATE case_archived SET sealed_key = NULL WHERE case_id = $1 AND sealed_key IS NOT NULL;

-- name: archived_of
SELECT case_id, position, size, sealed_key FROM case_archived WHERE archive = $1 AND moved_at IS NOT NULL AND case_id > $2 ORDER BY case_id LIMIT $3;

-- name: archived_state
SELECT case_id, archive, position, size, units, CASE WHEN sealed_key IS NULL THEN 1 ELSE 0 END FROM case_archived
WHERE case_id = $1 AND moved_at IS NOT NULL;

-- name: archived_states
SELECT case_id, archive, position, size, units, CASE WHEN sealed_key IS NULL THEN 1 ELSE 0 END FROM case_archived WHERE moved_at IS NOT NULL;

-- name: archive_units
-- Each unit with 1 if all that it had of the case were contributions, which let nobody see it.
SELECT unit, min(CASE WHEN kind = 3 THEN 1 ELSE 0 END) FROM (
  SELECT unit, kind FROM case_task WHERE case_id = $1 AND unit <> ''
  UNION ALL SELECT holder_unit, kind FROM case_task WHERE case_id = $1 AND holder_unit <> '') AS had
GROUP BY unit ORDER BY unit;

-- name: archived_units
SELECT units FROM case_archived WHERE case_id = $1 AND moved_at IS NOT NULL;

-- name: archive_thin
-- Fails, for a version may not be null, where the row is not the one that was read.
UPDATE case_file SET machine = substr(machine, 1, 0), history = NULL, archived = 1, version = CASE version WHEN $2 THEN version + 1 END WHERE id = $1;

-- name: archive_file
SELECT id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on, term, due_on,
  provisional, paused, open_incidents, last_event, form, form_hash, machine, history, archived
FROM case_file WHERE id = $1;

-- name: archive_put_file
INSERT INTO case_file (id, number, process, definition, item, applicant_kind, applicant, title, state, version, opened_at, closed_at, received_on,
  term, due_on, provisional, paused, open_incidents, last_event, form, form_hash, machine, history, archived)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24);

-- name: archive_blob
SELECT case_id, sha256, octets
FROM case_blob WHERE case_id = $1 ORDER BY sha256;

-- name: archive_put_blob
INSERT INTO case_blob (case_id, sha256, octets)
VALUES ($1, $2, $3);

-- name: archive_drop_blob
DELETE FROM case_blob WHERE case_id = $1;

-- name: archive_task
SELECT id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at, form, form_hash,
  outcome, opinion, kind, parent, sides, urged, node_definition
FROM case_task WHERE case_id = $1 ORDER BY id;

-- name: archive_put_task
INSERT INTO case_task (id, case_id, wait, node, state, unit, post, role, holder, holder_unit, created_at, done_at, created_on, term, due_on, due_at,
  form, form_hash, outcome, opinion, kind, parent, sides, urged, node_definition)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25);

-- name: archive_drop_task
DELETE FROM case_task WHERE case_id = $1;

-- name: archive_pause
SELECT case_id, position, stopped_on, resumed_on, reason, legal_basis, note, by_applicant
FROM case_pause WHERE case_id = $1 ORDER BY position;

-- name: archive_put_pause
INSERT INTO case_pause (case_id, position, stopped_on, resumed_on, reason, legal_basis, note, by_applicant)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: archive_drop_pause
DELETE FROM case_pause WHERE case_id = $1;

-- name: archive_timeline
SELECT case_id, seq, at, unit, entry, events
FROM case_timeline WHERE case_id = $1 ORDER BY seq;

-- name: archive_put_timeline
INSERT INTO case_timeline (case_id, seq, at, unit, entry, events)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: archive_drop_timeline
DELETE FROM case_timeline WHERE case_id = $1;

-- name: archive_term
SELECT case_id, term, due_on, provisional
FROM case_term WHERE case_id = $1;

-- name: archive_put_term
INSERT INTO case_term (case_id, term, due_on, provisional)
VALUES ($1, $2, $3, $4);

-- name: archive_drop_term
DELETE FROM case_term WHERE case_id = $1;

-- name: archive_side
SELECT task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason
FROM case_side WHERE task IN (SELECT id FROM case_task WHERE case_id = $1) ORDER BY task;

-- name: archive_put_side
INSERT INTO case_side (task, case_id, parent, kind, asked_by, asked_unit, asked_at, question, binding, form_data, closed_reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: archive_drop_side
DELETE FROM case_side WHERE task IN (SELECT id FROM case_task WHERE case_id = $1);

-- name: archive_urge
SELECT task, position, case_id, at, day, account, unit, note
FROM case_urge WHERE task IN (SELECT id FROM case_task WHERE case_id = $1) ORDER BY task, position;

-- name: archive_put_urge
INSERT INTO case_urge (task, position, case_id, at, day, account, unit, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: archive_drop_urge
DELETE FROM case_urge WHERE task IN (SELECT id FROM case_task WHERE case_id = $1);

-- name: archive_comment
SELECT id, case_id, task, at, account, unit, body
FROM case_comment WHERE case_id = $1 ORDER BY id;

-- name: archive_put_comment
INSERT INTO case_comment (id, case_id, task, at, account, unit, body)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: archive_drop_comment
DELETE FROM case_comment WHERE case_id = $1;

-- name: archive_incident
SELECT id, case_id, token, wait, node, at, attempts, message_en, message_zh, open, process, element, code, job, closed_at, ending, note
FROM case_incident WHERE case_id = $1 ORDER BY id;

-- name: archive_put_incident
INSERT INTO case_incident (id, case_id, token, wait, node, at, attempts, message_en, message_zh, open, process, element, code, job, closed_at,
  ending, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: archive_drop_incident
DELETE FROM case_incident WHERE case_id = $1;

-- name: archive_attempt
SELECT case_id, step, number, at, code, message_en, message_zh
FROM case_attempt WHERE case_id = $1 ORDER BY step, number;

-- name: archive_put_attempt
INSERT INTO case_attempt (case_id, step, number, at, code, message_en, message_zh)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: archive_drop_attempt
DELETE FROM case_attempt WHERE case_id = $1;

-- name: archive_notice
SELECT id, case_id, task, kind, account, unit, post, at, seen_at, seen_by
FROM case_notice WHERE case_id = $1 ORDER BY id;

-- name: archive_put_notice
INSERT INTO case_notice (id, case_id, task, kind, account, unit, post, at, seen_at, seen_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: archive_drop_notice
DELETE FROM case_notice WHERE case_id = $1;
