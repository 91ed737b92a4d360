-- name: usage_oldest
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account
FROM exchange_usage u WHERE u.id > $1 AND u.id < $2 AND u.at >= $3 AND u.at < $4 ORDER BY u.id LIMIT $5

-- name: delivery_first_released
-- The use of a delivery has the id that was made when it was ordered, which may be long before.
SELECT usage FROM exchange_delivery WHERE released_at >= $1 AND released_at < $2 ORDER BY usage LIMIT 1

-- name: usage_remove
DELETE FROM exchange_usage WHERE id = $1

-- name: usage_export_insert
INSERT INTO exchange_usage_export (id, first, last, before, uses, bytes, sha256, file, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: usage_exported_before
SELECT MAX(before) FROM exchange_usage_export

-- name: usage_export_list
SELECT id, first, last, before, uses, bytes, sha256, file, at FROM exchange_usage_export ORDER BY first

-- name: usage_export_state
SELECT id, first, last, before, uses, bytes, sha256, file, at FROM exchange_usage_export WHERE id = $1

-- name: usage_export_states
SELECT id, first, last, before, uses, bytes, sha256, file, at FROM exchange_usage_export
