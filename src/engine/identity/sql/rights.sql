-- name: account_insert
INSERT INTO identity_account (id, username, person, unit, password, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (username) DO NOTHING
-- name: account_one
SELECT id, username, person, unit, disabled_at FROM identity_account WHERE id = $1
-- name: account_by_username
SELECT id, username, person, unit, disabled_at FROM identity_account WHERE username = $1
-- name: accounts_of_person
SELECT id, username, person, unit, disabled_at FROM identity_account WHERE person = $1 ORDER BY created_at, id
-- name: account_password
SELECT password, password_until FROM identity_account WHERE id = $1
-- name: account_set_password
UPDATE identity_account SET password = $2, password_until = $3 WHERE id = $1
-- name: account_rehash
UPDATE identity_account SET password = $2 WHERE id = $1
-- name: account_set_disabled
UPDATE identity_account SET disabled_at = $2 WHERE id = $1
-- name: account_set_last_post
UPDATE identity_account SET last_post = $2 WHERE id = $1
-- name: account_last_post
SELECT last_post FROM identity_account WHERE id = $1
-- name: account_state
SELECT id, username, person, unit, password, disabled_at FROM identity_account WHERE id = $1
-- name: account_states
SELECT id, username, person, unit, password, disabled_at FROM identity_account
-- name: account_state_2
SELECT id, username, person, unit, password, disabled_at, password_until FROM identity_account WHERE id = $1
-- name: account_states_2
SELECT id, username, person, unit, password, disabled_at, password_until FROM identity_account

-- name: holding_insert
INSERT INTO identity_holding (id, person, machine, post, stand_in_for, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7)
-- name: holding_end
UPDATE identity_holding SET valid_to = $2 WHERE id = $1
-- name: holding_one
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding WHERE id = $1
-- name: holdings_of_person
SELECT h.id, h.person, h.machine, h.post, h.stand_in_for, h.valid_from, h.valid_to
FROM identity_holding h JOIN identity_post p ON p.id = h.post AND p.ended_at IS NULL
WHERE h.person = $1 AND h.valid_from <= $3 AND h.valid_to >= $2 ORDER BY CASE WHEN h.stand_in_for IS NULL THEN 0 ELSE 1 END, h.post, h.valid_from
-- name: holdings_of_machine
SELECT h.id, h.person, h.machine, h.post, h.stand_in_for, h.valid_from, h.valid_to
FROM identity_holding h JOIN identity_post p ON p.id = h.post AND p.ended_at IS NULL
WHERE h.machine = $1 AND h.valid_from <= $3 AND h.valid_to >= $2 ORDER BY h.post, h.valid_from
-- name: holders_of_post
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding
WHERE post = $1 AND valid_from <= $2 AND valid_to >= $2 ORDER BY valid_from, id
-- name: holdings_all
SELECT h.id, h.person, h.machine, h.post, h.stand_in_for, h.valid_from, h.valid_to
FROM identity_holding h JOIN identity_post p ON p.id = h.post AND p.ended_at IS NULL
WHERE h.valid_from <= h.valid_to ORDER BY h.person, h.valid_from, h.id
-- name: stand_ins_beyond
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding
WHERE post = $1 AND stand_in_for = $2 AND valid_to > $3 AND valid_from <= valid_to ORDER BY id
-- name: holdings_ever_of_person
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding WHERE person = $1 ORDER BY valid_from DESC, id DESC LIMIT $2
-- name: holdings_ever_of_machine
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding WHERE machine = $1 ORDER BY valid_from DESC, id DESC LIMIT $2
-- name: staff_rows
-- Accounts with whatever posts their owners hold or held, in the order of their names.
SELECT a.id, a.username, a.person, a.unit, a.disabled_at, p.name, h.post, h.valid_from, h.valid_to
FROM identity_holding h JOIN identity_account a ON a.person = h.person JOIN identity_person p ON p.id = h.person
JOIN identity_post q ON q.id = h.post AND q.ended_at IS NULL
WHERE h.valid_from <= h.valid_to AND a.username > $1
UNION ALL
SELECT a.id, a.username, a.person, a.unit, a.disabled_at, u.body, h.post, h.valid_from, h.valid_to
FROM identity_holding h JOIN identity_account a ON a.id = h.machine JOIN identity_unit u ON u.id = a.unit
JOIN identity_post q ON q.id = h.post AND q.ended_at IS NULL
WHERE h.valid_from <= h.valid_to AND a.username > $1
ORDER BY 2, 8, 7
LIMIT $2
-- name: holding_state
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding WHERE id = $1
-- name: holding_states
SELECT id, person, machine, post, stand_in_for, valid_from, valid_to FROM identity_holding
-- name: account_any
SELECT id FROM identity_account LIMIT 1
