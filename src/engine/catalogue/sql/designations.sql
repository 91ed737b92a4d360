-- name: designation_put
INSERT INTO catalogue_designation (resource, field, designated, said_at, said_by, reason) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (resource, field) DO UPDATE SET designated = excluded.designated, said_at = excluded.said_at, said_by = excluded.said_by, reason = excluded.reason

-- name: designation_all
SELECT resource, field, designated FROM catalogue_designation ORDER BY resource, field

-- name: designation_state
SELECT resource, field, designated, said_at, said_by, reason FROM catalogue_designation WHERE resource = $1 AND field = $2

-- name: designation_states
SELECT resource, field, designated, said_at, said_by, reason FROM catalogue_designation
