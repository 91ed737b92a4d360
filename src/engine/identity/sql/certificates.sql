-- name: certificate_insert
INSERT INTO identity_certificate (key_sha256, account, bound_at) VALUES ($1, $2, $3)
-- name: certificate_bind_again
UPDATE identity_certificate SET bound_at = $2, ended_at = NULL WHERE key_sha256 = $1
-- name: certificate_end
UPDATE identity_certificate SET ended_at = $2 WHERE key_sha256 = $1
-- name: certificate_one
SELECT key_sha256, account, bound_at, ended_at FROM identity_certificate WHERE key_sha256 = $1
-- name: certificates_of_account
SELECT key_sha256, account, bound_at, ended_at FROM identity_certificate WHERE account = $1 ORDER BY bound_at, key_sha256
-- name: certificate_caller
SELECT c.account, c.ended_at, a.unit, a.disabled_at, a.last_post
FROM identity_certificate c JOIN identity_account a ON a.id = c.account WHERE c.key_sha256 = $1
-- name: certificate_state
SELECT key_sha256, account, bound_at, ended_at FROM identity_certificate WHERE key_sha256 = $1
-- name: certificate_states
SELECT key_sha256, account, bound_at, ended_at FROM identity_certificate
-- name: machine_accounts
SELECT id, username, person, unit, disabled_at FROM identity_account WHERE person IS NULL ORDER BY username
