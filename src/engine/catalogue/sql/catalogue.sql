-- name: source_all
SELECT id, body, ended_at FROM catalogue_source ORDER BY id

-- name: source_put
INSERT INTO catalogue_source (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL

-- name: source_end
UPDATE catalogue_source SET ended_at = $2 WHERE id = $1

-- name: source_one
SELECT body FROM catalogue_source WHERE id = $1 AND ended_at IS NULL

-- name: source_current
SELECT body FROM catalogue_source WHERE ended_at IS NULL ORDER BY id

-- name: source_state
SELECT id, body, ended_at FROM catalogue_source WHERE id = $1

-- name: source_states
SELECT id, body, ended_at FROM catalogue_source

-- name: resource_all
SELECT id, body, ended_at FROM catalogue_resource ORDER BY id

-- name: resource_put
INSERT INTO catalogue_resource (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL

-- name: resource_end
UPDATE catalogue_resource SET ended_at = $2 WHERE id = $1

-- name: resource_one
SELECT body FROM catalogue_resource WHERE id = $1 AND ended_at IS NULL

-- name: resource_current
SELECT body FROM catalogue_resource WHERE ended_at IS NULL ORDER BY id

-- name: resource_state
SELECT id, body, ended_at FROM catalogue_resource WHERE id = $1

-- name: resource_states
SELECT id, body, ended_at FROM catalogue_resource
