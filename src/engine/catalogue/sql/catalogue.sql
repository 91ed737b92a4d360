-- name: source_all
SELECT id, body, ended_at FROM catalogue_source WHERE origin = 'pack' ORDER BY id

-- name: source_put
INSERT INTO catalogue_source (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL, origin = 'pack'

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
SELECT id, body, ended_at FROM catalogue_resource WHERE origin = 'pack' ORDER BY id

-- name: resource_put
INSERT INTO catalogue_resource (id, body, since, changed_at, revision)
VALUES ($1, $2, $3, $3, (SELECT coalesce(max(revision), 0) + 1 FROM catalogue_resource))
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL, origin = 'pack', changed_at = excluded.changed_at, revision = excluded.revision

-- name: resource_end
UPDATE catalogue_resource SET ended_at = $2, changed_at = $2, revision = (SELECT max(revision) + 1 FROM catalogue_resource) WHERE id = $1

-- name: resource_one
SELECT body FROM catalogue_resource WHERE id = $1 AND ended_at IS NULL

-- name: resource_current
SELECT body FROM catalogue_resource WHERE ended_at IS NULL ORDER BY id

-- name: resource_state
SELECT id, body, ended_at FROM catalogue_resource WHERE id = $1

-- name: resource_states
SELECT id, body, ended_at FROM catalogue_resource

-- name: source_state_2
SELECT id, body, ended_at, origin FROM catalogue_source WHERE id = $1

-- name: source_states_2
SELECT id, body, ended_at, origin FROM catalogue_source

-- name: resource_state_2
SELECT id, body, ended_at, origin FROM catalogue_resource WHERE id = $1

-- name: resource_states_2
SELECT id, body, ended_at, origin FROM catalogue_resource

-- name: source_made
SELECT 1 FROM catalogue_source WHERE id = $1 AND origin = 'act' AND ended_at IS NULL

-- name: resource_made
SELECT 1 FROM catalogue_resource WHERE id = $1 AND origin = 'act' AND ended_at IS NULL

-- name: source_any
SELECT body, ended_at, origin FROM catalogue_source WHERE id = $1

-- name: resource_any
SELECT body, ended_at, origin FROM catalogue_resource WHERE id = $1

-- name: source_make
INSERT INTO catalogue_source (id, body, since, origin) VALUES ($1, $2, $3, 'act')
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL, origin = 'act'

-- name: resource_make
INSERT INTO catalogue_resource (id, body, since, origin, changed_at, revision)
VALUES ($1, $2, $3, 'act', $3, (SELECT coalesce(max(revision), 0) + 1 FROM catalogue_resource))
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL, origin = 'act', changed_at = excluded.changed_at, revision = excluded.revision

-- name: draft_put
INSERT INTO catalogue_draft (id, unit, body, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at

-- name: draft_review
UPDATE catalogue_draft SET review = $2 WHERE id = $1

-- name: draft_delete
DELETE FROM catalogue_draft WHERE id = $1

-- name: draft_one
SELECT body, unit, review, changed_at FROM catalogue_draft WHERE id = $1

-- name: drafts_of
SELECT body, unit, review, changed_at FROM catalogue_draft WHERE unit = $1 ORDER BY id

-- name: draft_state
SELECT id, unit, body, review, changed_at FROM catalogue_draft WHERE id = $1

-- name: draft_states
SELECT id, unit, body, review, changed_at FROM catalogue_draft

-- name: version_last
SELECT COALESCE(MAX(version), 0) FROM catalogue_version WHERE resource = $1

-- name: version_insert
INSERT INTO catalogue_version (resource, version, body, since, by_case) VALUES ($1, $2, $3, $4, $5)

-- name: versions_of
SELECT version, body, since, by_case FROM catalogue_version WHERE resource = $1 ORDER BY version DESC

-- name: version_state
SELECT resource, version, body, since, by_case FROM catalogue_version WHERE resource = $1 AND version = $2

-- name: version_states
SELECT resource, version, body, since, by_case FROM catalogue_version

-- name: examination_put
INSERT INTO catalogue_examination (source, at, body) VALUES ($1, $2, $3)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, body = excluded.body

-- name: examination_one
SELECT at, body FROM catalogue_examination WHERE source = $1

-- name: resource_revision
SELECT coalesce(max(revision), 0) FROM catalogue_resource

-- name: resource_listing
SELECT body, since, changed_at FROM catalogue_resource WHERE ended_at IS NULL ORDER BY id

-- name: secret_put
INSERT INTO catalogue_secret (source, sealed, set_at) VALUES ($1, $2, $3)
ON CONFLICT (source) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at

-- name: secret_one
SELECT sealed FROM catalogue_secret WHERE source = $1

-- name: secret_delete
DELETE FROM catalogue_secret WHERE source = $1

-- name: check_put
INSERT INTO catalogue_check (source, at, body) VALUES ($1, $2, $3)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, body = excluded.body

-- name: check_one
SELECT at, body FROM catalogue_check WHERE source = $1
