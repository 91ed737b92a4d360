-- name: session_insert
INSERT INTO identity_session (token_sha256, id, account, post, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
-- name: session_by_token
SELECT s.id, s.account, s.post, s.created_at, s.seen_at, a.person, a.unit, a.disabled_at, a.password_until
FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE s.token_sha256 = $1
-- name: session_there
SELECT 1 FROM identity_session WHERE id = $1
-- name: session_touch
UPDATE identity_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2
-- name: session_set_post
UPDATE identity_session SET post = $2 WHERE id = $1
-- name: session_delete
DELETE FROM identity_session WHERE id = $1
-- name: sessions_delete_of_account
DELETE FROM identity_session WHERE account = $1 AND id <> $2
-- name: sessions_delete_oldest
DELETE FROM identity_session WHERE account = $1 AND id NOT IN (SELECT id FROM identity_session WHERE account = $1 ORDER BY created_at DESC, id DESC LIMIT $2)
-- name: sessions_sweep
DELETE FROM identity_session WHERE token_sha256 IN (SELECT token_sha256 FROM identity_session WHERE created_at <= $1 OR seen_at <= $2 LIMIT $3)

-- name: device_put
INSERT INTO identity_device (token_sha256, account, seen_at, failures) VALUES ($1, $2, $3, 0)
ON CONFLICT (token_sha256) DO UPDATE SET seen_at = excluded.seen_at, failures = 0
-- name: device_of
SELECT failures FROM identity_device WHERE token_sha256 = $1 AND account = $2 AND seen_at > $3
-- name: device_count_failure
UPDATE identity_device SET failures = failures + 1 WHERE token_sha256 = $1
-- name: device_delete
DELETE FROM identity_device WHERE token_sha256 = $1
-- name: devices_delete_of_account
DELETE FROM identity_device WHERE account = $1
-- name: devices_delete_oldest
DELETE FROM identity_device WHERE account = $1 AND token_sha256 NOT IN (SELECT token_sha256 FROM identity_device WHERE account = $1 ORDER BY seen_at DESC, token_sha256 LIMIT $2)
-- name: devices_sweep
DELETE FROM identity_device WHERE token_sha256 IN (SELECT token_sha256 FROM identity_device WHERE seen_at <= $1 LIMIT $2)

-- name: failure_of
SELECT failures, last_at FROM identity_sign_in_failure WHERE account = $1 AND network = $2
-- name: failure_put
INSERT INTO identity_sign_in_failure (account, network, failures, last_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account, network) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
-- name: failure_clear
DELETE FROM identity_sign_in_failure WHERE account = $1 AND network = $2
-- name: failures_recent
SELECT COUNT(*) FROM (SELECT 1 FROM identity_sign_in_failure WHERE last_at > $1 LIMIT 2000) AS recent
-- name: failures_sweep
DELETE FROM identity_sign_in_failure WHERE (account, network) IN (SELECT account, network FROM identity_sign_in_failure WHERE last_at <= $1 LIMIT $2)

-- name: sessions_move
UPDATE identity_session SET created_at = created_at + $1, seen_at = seen_at + $1
