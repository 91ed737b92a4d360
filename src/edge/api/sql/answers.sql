-- aside
-- name: find_answer
SELECT request, status, headers, body FROM api_answer WHERE account = $1 AND key = $2 AND at >= $3;

-- name: forget_answers
DELETE FROM api_answer WHERE (account, key) IN (SELECT account, key FROM api_answer WHERE at < $1 ORDER BY at LIMIT $2);

-- name: forget_answer
DELETE FROM api_answer WHERE account = $1 AND key = $2;

-- name: keep_answer
INSERT INTO api_answer (account, key, request, status, headers, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7);
