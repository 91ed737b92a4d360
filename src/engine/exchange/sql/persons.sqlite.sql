-- Of a use that still waits: one that was taken out meanwhile does not.
-- name: person_index
-- aside
INSERT INTO exchange_usage_person (person, usage) SELECT person, usage FROM exchange_usage_person_new WHERE usage = $1 AND person = $2 ON CONFLICT DO NOTHING

-- name: person_release
-- aside
DELETE FROM exchange_usage_person_new WHERE usage = $1 AND person = $2
