-- name: try_lead
SELECT pg_try_advisory_lock($1);

-- name: still_there
SELECT 1;
