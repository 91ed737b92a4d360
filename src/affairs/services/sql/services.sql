-- name: item_all
SELECT id, body, ended_at FROM service_item ORDER BY id

-- name: item_put
INSERT INTO service_item (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL

-- name: item_end
UPDATE service_item SET ended_at = $2 WHERE id = $1

-- name: item_one
SELECT body FROM service_item WHERE id = $1

-- name: item_current
SELECT body FROM service_item WHERE ended_at IS NULL ORDER BY id

-- name: item_state
SELECT id, body, ended_at FROM service_item WHERE id = $1

-- name: item_states
SELECT id, body, ended_at FROM service_item

-- name: draft_insert
INSERT INTO service_draft (id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)

-- name: draft_update
UPDATE service_draft SET form = $2, prefills = $3, changed_at = $4, version = version + 1 WHERE id = $1

-- name: draft_hold
UPDATE service_draft SET version = version WHERE id = $1

-- name: draft_delete
DELETE FROM service_draft WHERE id = $1

-- name: draft_one
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit FROM service_draft WHERE id = $1

-- name: drafts_of
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit FROM service_draft WHERE person = $1
ORDER BY changed_at DESC, id DESC

-- name: drafts_at_counter
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit FROM service_draft WHERE counter = $1
ORDER BY changed_at DESC, id DESC

-- name: counter_insert
INSERT INTO service_counter (case_id, unit, account, taken_at) VALUES ($1, $2, $3, $4)

-- name: counter_of
SELECT unit FROM service_counter WHERE case_id = $1

-- name: counter_cases
SELECT case_id FROM service_counter WHERE unit = $1 ORDER BY taken_at DESC, case_id DESC LIMIT $2

-- name: application_insert
INSERT INTO service_application (case_id, item, person, firm, prefills) VALUES ($1, $2, $3, $4, $5)

-- name: application_one
SELECT case_id, item, person, firm, prefills FROM service_application WHERE case_id = $1

-- name: application_states
SELECT case_id, item, person, firm, prefills FROM service_application

-- name: certificate_insert
INSERT INTO certificate (id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: certificate_one
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate WHERE id = $1

-- name: certificates_of
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate
WHERE holder_kind = $1 AND holder = $2 ORDER BY id DESC LIMIT 1000

-- name: certificates_for
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate WHERE case_id = $1

-- name: certificate_state
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate WHERE id = $1

-- name: certificate_states
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate
