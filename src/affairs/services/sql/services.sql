-- aside
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
INSERT INTO service_draft (id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit, principal) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10)

-- name: draft_update
UPDATE service_draft SET form = $2, prefills = $3, changed_at = $4, version = version + 1 WHERE id = $1

-- name: draft_result
UPDATE service_draft SET result = $2, changed_at = $3, version = version + 1 WHERE id = $1

-- name: draft_hold
UPDATE service_draft SET version = version WHERE id = $1

-- name: draft_delete
DELETE FROM service_draft WHERE id = $1

-- name: draft_one
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit, principal, result FROM service_draft WHERE id = $1

-- name: drafts_of
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit, principal, result FROM service_draft WHERE person = $1
ORDER BY changed_at DESC, id DESC

-- name: drafts_at_counter
SELECT id, item, person, firm, form, prefills, changed_at, version, counter, counter_unit, principal, result FROM service_draft WHERE counter = $1 AND counter_unit = $2
ORDER BY changed_at DESC, id DESC

-- name: presentation_put
INSERT INTO service_presentation (owner, material, certificate, presented_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (owner, material) DO UPDATE SET certificate = excluded.certificate, presented_at = excluded.presented_at

-- name: presentation_delete
DELETE FROM service_presentation WHERE owner = $1 AND material = $2

-- name: presentations_delete
DELETE FROM service_presentation WHERE owner = $1

-- name: presentations_move
UPDATE service_presentation SET owner = $2 WHERE owner = $1

-- name: presentations_of
SELECT material, certificate, presented_at FROM service_presentation WHERE owner = $1 ORDER BY material

-- name: counter_insert
INSERT INTO service_counter (case_id, unit, account, taken_at) VALUES ($1, $2, $3, $4)

-- name: counter_of
SELECT unit FROM service_counter WHERE case_id = $1

-- name: counter_cases
SELECT case_id FROM service_counter WHERE unit = $1 ORDER BY taken_at DESC, case_id DESC LIMIT $2

-- name: application_insert
INSERT INTO service_application (case_id, item, person, firm, prefills, principal) VALUES ($1, $2, $3, $4, $5, $6)

-- name: application_one
SELECT case_id, item, person, firm, prefills, principal FROM service_application WHERE case_id = $1

-- name: application_states
SELECT case_id, item, person, firm, prefills, principal FROM service_application

-- name: application_state_1
SELECT case_id, item, person, firm, prefills FROM service_application WHERE case_id = $1

-- name: application_states_1
SELECT case_id, item, person, firm, prefills FROM service_application

-- name: certificate_insert
INSERT INTO certificate (id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: certificate_one
SELECT c.id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at, s.status
FROM certificate c LEFT JOIN certificate_status s ON s.certificate = c.id WHERE c.id = $1

-- name: certificates_of
SELECT c.id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at, s.status
FROM certificate c LEFT JOIN certificate_status s ON s.certificate = c.id
WHERE holder_kind = $1 AND holder = $2 ORDER BY c.id DESC LIMIT 1000

-- name: certificates_for
SELECT c.id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at, s.status
FROM certificate c LEFT JOIN certificate_status s ON s.certificate = c.id WHERE case_id = $1 ORDER BY c.id

-- name: certificate_state
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate WHERE id = $1

-- name: certificate_states
SELECT id, number, case_id, item, holder_kind, holder, name, issuer, issued_on, valid_until, claims, signed_form, revoked_at FROM certificate

-- name: certificate_status_insert
INSERT INTO certificate_status (certificate, list, place, status, changed_at) VALUES ($1, $2, $3, 0, $4)

-- name: certificate_status_change
UPDATE certificate_status SET status = $2, changed_at = $3, unit = $4, reason = $5, law = $6 WHERE certificate = $1

-- name: certificate_status_one
SELECT list, place, status FROM certificate_status WHERE certificate = $1

-- name: certificate_status_last_list
SELECT list FROM certificate_status ORDER BY list DESC LIMIT 1

-- name: certificate_status_at
SELECT certificate FROM certificate_status WHERE list = $1 AND place = $2

-- name: certificate_status_set
SELECT place, status FROM certificate_status WHERE list = $1 AND status > 0 ORDER BY place

-- name: certificate_status_state
SELECT certificate, list, place, status, changed_at, unit, reason, law FROM certificate_status WHERE certificate = $1

-- name: certificate_status_states
SELECT certificate, list, place, status, changed_at, unit, reason, law FROM certificate_status
