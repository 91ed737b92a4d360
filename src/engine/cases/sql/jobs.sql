-- aside
-- name: job_insert
INSERT INTO case_job (id, case_id, wait, kind, run_at, attempts, name, detail) VALUES ($1, $2, $3, $4, $5, 0, $6, $7);

-- name: job_one
SELECT id, case_id, wait, kind, run_at, attempts, name, detail FROM case_job WHERE id = $1;

-- name: job_next
SELECT min(run_at) FROM case_job;

-- name: jobs_waiting
-- Timers, starts by timers and marks (0, 5, 10) wait for their time; what stands as an incident is parked at $1.
SELECT count(*) FROM case_job WHERE kind NOT IN (0, 5, 10) AND run_at < $1;

-- name: job_delete
DELETE FROM case_job WHERE id = $1;

-- name: job_delete_of_wait
DELETE FROM case_job WHERE case_id = $1 AND wait = $2;

-- name: jobs_delete_of_case
DELETE FROM case_job WHERE case_id = $1 AND kind IN (0, 1, 2);

-- name: job_at
UPDATE case_job SET run_at = $3 WHERE case_id = $1 AND wait = $2;

-- name: job_again
UPDATE case_job SET run_at = $2, attempts = $3, detail = $4 WHERE id = $1;

-- name: job_retry
UPDATE case_job SET run_at = $3, attempts = 0 WHERE case_id = $1 AND wait = $2;

-- name: subscription_insert
INSERT INTO case_subscription (case_id, wait, kind, name, correlation) VALUES ($1, $2, $3, $4, $5);

-- name: subscription_delete
DELETE FROM case_subscription WHERE case_id = $1 AND wait = $2;

-- name: subscriptions_delete_of_case
DELETE FROM case_subscription WHERE case_id = $1;

-- name: subscribers
SELECT case_id, wait FROM case_subscription WHERE kind = $1 AND name = $2 AND correlation = $3 ORDER BY case_id, wait LIMIT $4;

-- name: signal_subscribers
SELECT case_id, wait FROM case_subscription WHERE kind = 3 AND name = $1 AND correlation = '' AND (case_id > $2 OR (case_id = $2 AND wait > $3)) ORDER BY case_id, wait LIMIT $4;

-- name: start_jobs_delete
DELETE FROM case_job WHERE case_id = $1 AND kind = 5 AND name = $2;
