-- name: persons_waiting
SELECT usage, person FROM exchange_usage_person_new ORDER BY usage, person LIMIT $1
