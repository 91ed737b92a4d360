-- aside
-- name: job_lease
UPDATE case_job SET run_at = $2, attempts = attempts + 1 WHERE id IN (SELECT id FROM case_job WHERE run_at <= $1 ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, case_id, wait, kind, attempts, name, detail;
