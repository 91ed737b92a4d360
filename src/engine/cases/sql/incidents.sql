-- aside
-- name: incident_insert
INSERT INTO case_incident (id, case_id, token, wait, node, at, attempts, message_en, message_zh, open, process, element, code, job)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $13);

-- name: incident_one
SELECT i.id, i.case_id, i.token, i.wait, i.node, i.at, i.attempts, i.message_en, i.message_zh, i.open, i.process, i.element, i.code, i.job, i.closed_at, i.ending, i.note,
  c.number, c.definition
FROM case_incident i LEFT JOIN case_file c ON c.id = i.case_id WHERE i.id = $1;

-- name: incident_close
UPDATE case_incident SET open = 0, closed_at = $2, ending = $3 WHERE id = $1 AND open = 1;

-- name: incident_note
UPDATE case_incident SET note = $2 WHERE id = $1;

-- name: incidents_of_case
SELECT id, token, wait, job FROM case_incident WHERE case_id = $1 AND open = 1;

-- name: incidents_open
SELECT i.id, i.case_id, i.token, i.wait, i.node, i.at, i.attempts, i.message_en, i.message_zh, i.open, i.process, i.element, i.code, i.job, i.closed_at, i.ending, i.note,
  c.number, c.definition
FROM case_incident i LEFT JOIN case_file c ON c.id = i.case_id
WHERE i.open = 1 AND (i.at > $1 OR (i.at = $1 AND i.id > $2)) AND i.at < $3 AND ($4 = '' OR i.process = $4) AND ($5 = '' OR i.element = $5)
  AND (i.message_en LIKE $6 ESCAPE '\' OR i.message_zh LIKE $6 ESCAPE '\')
ORDER BY i.at, i.id LIMIT $7;

-- name: incidents_count
SELECT count(*) FROM case_incident i
WHERE i.open = 1 AND i.at >= $1 AND i.at < $2 AND ($3 = '' OR i.process = $3) AND ($4 = '' OR i.element = $4)
  AND (i.message_en LIKE $5 ESCAPE '\' OR i.message_zh LIKE $5 ESCAPE '\');

-- name: incident_groups
SELECT i.process, i.element, i.message_en, i.message_zh, count(*), min(i.at), max(i.at) FROM case_incident i
WHERE i.open = 1 AND i.at >= $1 AND ($2 = '' OR i.process = $2) AND ($3 = '' OR i.element = $3)
  AND (i.message_en LIKE $4 ESCAPE '\' OR i.message_zh LIKE $4 ESCAPE '\')
GROUP BY i.process, i.element, i.message_en, i.message_zh ORDER BY count(*) DESC, i.process, i.element, i.message_en LIMIT $5;

-- name: incidents_by_version
SELECT c.process, c.definition, count(*) FROM case_incident i JOIN case_file c ON c.id = i.case_id WHERE i.open = 1 GROUP BY c.process, c.definition;

-- name: job_retry_one
UPDATE case_job SET run_at = $2, attempts = 0 WHERE id = $1;

-- name: attempt_last
SELECT max(number) FROM case_attempt WHERE case_id = $1 AND step = $2;

-- name: attempt_insert
INSERT INTO case_attempt (case_id, step, number, at, code, message_en, message_zh) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: attempts_forget
DELETE FROM case_attempt WHERE case_id = $1 AND step = $2 AND number <= $3;

-- name: attempts_of
SELECT number, at, code, message_en, message_zh FROM case_attempt WHERE case_id = $1 AND step = $2 ORDER BY number;

-- name: sweep_insert
INSERT INTO case_sweep (id, kind, process, detail, started_at, account, unit, post, total, done, refused) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0);

-- name: sweep_one
SELECT id, kind, process, detail, started_at, account, unit, post, total, done, refused, finished_at FROM case_sweep WHERE id = $1;

-- name: sweeps_newest
SELECT id, kind, process, detail, started_at, account, unit, post, total, done, refused, finished_at FROM case_sweep
WHERE started_at < $1 OR (started_at = $1 AND id < $2) ORDER BY started_at DESC, id DESC LIMIT $3;

-- name: sweep_on
UPDATE case_sweep SET done = done + $2, refused = refused + $3, finished_at = $4 WHERE id = $1;

-- name: sweep_refusal
INSERT INTO case_sweep_refused (sweep, case_id, number, reasons) VALUES ($1, $2, $3, $4)
ON CONFLICT (sweep, case_id) DO UPDATE SET reasons = excluded.reasons;

-- name: sweep_refusals
SELECT case_id, number, reasons FROM case_sweep_refused WHERE sweep = $1 AND case_id > $2 ORDER BY case_id LIMIT $3;
