-- name: answer_one
SELECT request, status, headers, body FROM api_answer WHERE account = $1 AND key = $2 AND at > $3

-- name: answer_put
INSERT INTO api_answer (account, key, request, status, headers, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account, key) DO UPDATE SET request = excluded.request, status = excluded.status, headers = excluded.headers, body = excluded.body, at = excluded.at

-- name: answers_sweep
DELETE FROM api_answer WHERE at < $1
