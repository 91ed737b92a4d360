-- name: request_insert
INSERT INTO sharing_request (case_id, kind, unit, provider, resource, grant_id, body, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: request_grant
UPDATE sharing_request SET grant_id = $2 WHERE case_id = $1

-- name: request_one
SELECT case_id, kind, unit, provider, resource, grant_id, body, asked_at FROM sharing_request WHERE case_id = $1

-- name: requests_of
SELECT case_id, kind, unit, provider, resource, grant_id, body, asked_at FROM sharing_request WHERE (unit = $1 OR provider = $1) AND case_id < $2
ORDER BY case_id DESC LIMIT $3

-- name: request_state
SELECT case_id, kind, unit, provider, resource, grant_id, body, asked_at FROM sharing_request WHERE case_id = $1

-- name: request_states
SELECT case_id, kind, unit, provider, resource, grant_id, body, asked_at FROM sharing_request
