-- name: person_insert
INSERT INTO identity_person (id, pack_key, name, registered_at) VALUES ($1, $2, $3, $4)
-- name: person_rename
UPDATE identity_person SET name = $2 WHERE id = $1
-- name: person_one
SELECT name FROM identity_person WHERE id = $1
-- name: person_by_key
SELECT id, name FROM identity_person WHERE pack_key = $1
-- name: person_keys
SELECT pack_key, id, name FROM identity_person WHERE pack_key IS NOT NULL ORDER BY pack_key
-- name: person_state
SELECT id, pack_key, name FROM identity_person WHERE id = $1
-- name: person_states
SELECT id, pack_key, name FROM identity_person
-- name: person_code_insert
INSERT INTO identity_person_code (scheme, value, person) VALUES ($1, $2, $3)
-- name: person_codes
SELECT scheme, value FROM identity_person_code WHERE person = $1 ORDER BY scheme, value
-- name: person_by_code
SELECT person FROM identity_person_code WHERE scheme = $1 AND value = $2
-- name: person_code_state
SELECT scheme, value, person FROM identity_person_code WHERE scheme = $1 AND value = $2
-- name: person_code_states
SELECT scheme, value, person FROM identity_person_code

-- name: firm_insert
INSERT INTO identity_firm (id, pack_key, name, founded_on, dissolved_on, registered_at) VALUES ($1, $2, $3, $4, $5, $6)
-- name: firm_change
UPDATE identity_firm SET name = $2, founded_on = $3, dissolved_on = $4 WHERE id = $1
-- name: firm_one
SELECT name, founded_on, dissolved_on FROM identity_firm WHERE id = $1
-- name: firm_by_key
SELECT id FROM identity_firm WHERE pack_key = $1
-- name: firm_keys
SELECT pack_key, id FROM identity_firm WHERE pack_key IS NOT NULL ORDER BY pack_key
-- name: firm_state
SELECT id, pack_key, name, founded_on, dissolved_on FROM identity_firm WHERE id = $1
-- name: firm_states
SELECT id, pack_key, name, founded_on, dissolved_on FROM identity_firm
-- name: firm_code_insert
INSERT INTO identity_firm_code (scheme, value, firm) VALUES ($1, $2, $3)
-- name: firm_codes
SELECT scheme, value FROM identity_firm_code WHERE firm = $1 ORDER BY scheme, value
-- name: firm_by_code
SELECT firm FROM identity_firm_code WHERE scheme = $1 AND value = $2
-- name: firm_code_state
SELECT scheme, value, firm FROM identity_firm_code WHERE scheme = $1 AND value = $2
-- name: firm_code_states
SELECT scheme, value, firm FROM identity_firm_code

-- name: representative_put
INSERT INTO identity_representative (firm, valid_from, person, valid_to) VALUES ($1, $2, $3, $4)
ON CONFLICT (firm, valid_from) DO UPDATE SET person = excluded.person, valid_to = excluded.valid_to
-- name: representatives_overlapping
SELECT valid_from, person, valid_to FROM identity_representative WHERE firm = $1 AND valid_to >= $2 ORDER BY valid_from
-- name: representative_end
UPDATE identity_representative SET valid_to = $3 WHERE firm = $1 AND valid_from = $2
-- name: representative_on
SELECT person FROM identity_representative WHERE firm = $1 AND valid_from <= $2 AND valid_to >= $2
-- name: representative_is
SELECT 1 FROM identity_representative r JOIN identity_firm f ON f.id = r.firm
WHERE r.firm = $1 AND r.person = $2 AND r.valid_from <= $3 AND r.valid_to >= $3 AND (f.dissolved_on IS NULL OR f.dissolved_on >= $3)
-- name: agents_of_firm
SELECT person FROM identity_representative WHERE firm = $1 AND valid_from <= $3 AND valid_to >= $2
UNION SELECT to_person FROM identity_mandate WHERE from_firm = $1 AND revoked_at IS NULL AND valid_from <= $3 AND valid_to >= $2
ORDER BY 1 LIMIT $4

-- name: represented_firms
SELECT f.id, f.name FROM identity_representative r JOIN identity_firm f ON f.id = r.firm
WHERE r.person = $1 AND r.valid_from <= $2 AND r.valid_to >= $2 AND (f.dissolved_on IS NULL OR f.dissolved_on >= $2) ORDER BY f.id
-- name: representative_state
SELECT firm, valid_from, person, valid_to FROM identity_representative WHERE firm = $1 AND valid_from = $2
-- name: representative_states
SELECT firm, valid_from, person, valid_to FROM identity_representative

-- name: mandate_insert
INSERT INTO identity_mandate (id, pack_key, from_firm, from_person, to_person, items, basis, valid_from, valid_to, reads_data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- name: mandate_change
UPDATE identity_mandate SET items = $2, basis = $3, valid_from = $4, valid_to = $5, reads_data = $6, revoked_at = NULL WHERE id = $1
-- name: mandate_revoke
UPDATE identity_mandate SET revoked_at = $2 WHERE id = $1
-- name: mandate_one
SELECT id, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate WHERE id = $1
-- name: mandates_from
SELECT id, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate
WHERE from_firm = $1 OR from_person = $2 ORDER BY id DESC LIMIT $3
-- name: mandates_to
SELECT id, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate
WHERE to_person = $1 ORDER BY id DESC LIMIT $2
-- name: mandate_keys
SELECT pack_key, id, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate WHERE pack_key IS NOT NULL ORDER BY pack_key
-- name: mandates_of
SELECT m.id, m.from_firm, m.from_person, m.to_person, m.items, m.basis, m.valid_from, m.valid_to, m.revoked_at, m.reads_data, COALESCE(f.name, p.name)
FROM identity_mandate m LEFT JOIN identity_firm f ON f.id = m.from_firm LEFT JOIN identity_person p ON p.id = m.from_person
WHERE m.to_person = $1 AND m.valid_from <= $2 AND m.valid_to >= $2 AND m.revoked_at IS NULL AND (f.id IS NULL OR f.dissolved_on IS NULL OR f.dissolved_on >= $2)
ORDER BY m.id
-- name: mandate_state
SELECT id, pack_key, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at FROM identity_mandate WHERE id = $1
-- name: mandate_states
SELECT id, pack_key, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at FROM identity_mandate
-- name: mandate_state_2
SELECT id, pack_key, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate WHERE id = $1
-- name: mandate_states_2
SELECT id, pack_key, from_firm, from_person, to_person, items, basis, valid_from, valid_to, revoked_at, reads_data FROM identity_mandate
