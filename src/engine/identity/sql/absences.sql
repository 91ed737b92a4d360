-- name: absence_insert
INSERT INTO identity_absence (id, person, stand_in, valid_from, valid_to, state, note, entered_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
-- name: absence_post_insert
INSERT INTO identity_absence_post (absence, post) VALUES ($1, $2)
-- name: absence_decide
UPDATE identity_absence SET state = $2, valid_to = $3, decided_at = $4, decided_by = $5 WHERE id = $1
-- name: absence_post_holding
UPDATE identity_absence_post SET holding = $3 WHERE absence = $1 AND post = $2
-- name: absence_one
SELECT id, person, stand_in, valid_from, valid_to, state, note, entered_at, decided_at, decided_by FROM identity_absence WHERE id = $1
-- name: absence_posts
SELECT post, holding FROM identity_absence_post WHERE absence = $1 ORDER BY post
-- name: absences_of
SELECT id FROM identity_absence WHERE (person = $1 OR stand_in = $1) AND state < 2 AND valid_to >= $2 ORDER BY valid_from, id LIMIT $3
-- name: absences_overlapping
SELECT id FROM identity_absence WHERE person = $1 AND state < 2 AND valid_to >= $2 AND valid_from <= $3 ORDER BY id
-- name: standing_in_overlapping
SELECT id FROM identity_absence WHERE stand_in = $1 AND state < 2 AND valid_to >= $2 AND valid_from <= $3 ORDER BY id
-- name: absences_asked
SELECT id FROM identity_absence WHERE state = 0 ORDER BY entered_at, id LIMIT $1
-- name: absence_state
SELECT id, person, stand_in, valid_from, valid_to, state, note, entered_at, decided_at, decided_by FROM identity_absence WHERE id = $1
-- name: absence_states
SELECT id, person, stand_in, valid_from, valid_to, state, note, entered_at, decided_at, decided_by FROM identity_absence
-- name: absence_post_state
SELECT absence, post, holding FROM identity_absence_post WHERE absence = $1 AND post = $2
-- name: absence_post_states
SELECT absence, post, holding FROM identity_absence_post
