-- name: declaration_insert
INSERT INTO identity_declaration (username, password, name, code_scheme, code, telephone, network, declared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (username) DO NOTHING
-- name: declaration_one
SELECT username, password, name, code_scheme, code, telephone, declared_at FROM identity_declaration WHERE username = $1
-- name: declaration_delete
DELETE FROM identity_declaration WHERE username = $1
-- name: declarations_sweep
DELETE FROM identity_declaration WHERE username IN (SELECT username FROM identity_declaration WHERE declared_at <= $1 LIMIT $2)
-- name: declarations_of_network
SELECT count(*) FROM identity_declaration WHERE network = $1 AND declared_at > $2
-- name: declarations_open
SELECT count(*) FROM identity_declaration
-- name: roles_that_confirm
SELECT 1 FROM identity_role WHERE ended_at IS NULL AND body LIKE '%"accounts.confirm"%' LIMIT 1
