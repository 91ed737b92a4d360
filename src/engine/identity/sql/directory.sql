-- name: unit_all
SELECT id, body, ended_at FROM identity_unit ORDER BY id
-- name: unit_put
INSERT INTO identity_unit (id, body, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL
-- name: unit_end
UPDATE identity_unit SET ended_at = $2 WHERE id = $1
-- name: unit_one
SELECT body FROM identity_unit WHERE id = $1
-- name: unit_current
SELECT body FROM identity_unit WHERE ended_at IS NULL ORDER BY id
-- name: unit_state
SELECT id, body, ended_at FROM identity_unit WHERE id = $1
-- name: unit_states
SELECT id, body, ended_at FROM identity_unit

-- name: division_all
SELECT id, body, ended_at FROM identity_division ORDER BY id
-- name: division_put
INSERT INTO identity_division (id, body, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL
-- name: division_end
UPDATE identity_division SET ended_at = $2 WHERE id = $1
-- name: division_one
SELECT body FROM identity_division WHERE id = $1
-- name: division_current
SELECT body FROM identity_division WHERE ended_at IS NULL ORDER BY id
-- name: division_state
SELECT id, body, ended_at FROM identity_division WHERE id = $1
-- name: division_states
SELECT id, body, ended_at FROM identity_division

-- name: post_all
SELECT id, body, ended_at FROM identity_post ORDER BY id
-- name: post_put
INSERT INTO identity_post (id, body, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL
-- name: post_end
UPDATE identity_post SET ended_at = $2 WHERE id = $1
-- name: post_one
SELECT body, ended_at FROM identity_post WHERE id = $1
-- name: post_current
SELECT body FROM identity_post WHERE ended_at IS NULL ORDER BY id
-- name: post_state
SELECT id, body, ended_at FROM identity_post WHERE id = $1
-- name: post_states
SELECT id, body, ended_at FROM identity_post

-- name: role_all
SELECT id, body, ended_at FROM identity_role ORDER BY id
-- name: role_put
INSERT INTO identity_role (id, body, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL
-- name: role_end
UPDATE identity_role SET ended_at = $2 WHERE id = $1
-- name: role_one
SELECT body, ended_at FROM identity_role WHERE id = $1
-- name: role_current
SELECT body FROM identity_role WHERE ended_at IS NULL ORDER BY id
-- name: role_state
SELECT id, body, ended_at FROM identity_role WHERE id = $1
-- name: role_states
SELECT id, body, ended_at FROM identity_role
-- name: role_for_all
SELECT body FROM identity_role WHERE ended_at IS NULL AND body NOT LIKE '%"given_to":"post"%' ORDER BY id
