-- name: task_done_since
SELECT 1 FROM case_task WHERE case_id = $1 AND state = 2 AND done_at >= $2 LIMIT 1;
