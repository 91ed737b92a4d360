-- An act that takes out one of these uses fails on the row that is gone, and is run again; one that another program takes over is left to it.
-- name: persons_index_some
-- aside
WITH taken AS (DELETE FROM exchange_usage_person_new WHERE (usage, person) IN
  (SELECT usage, person FROM exchange_usage_person_new ORDER BY usage, person LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING person, usage)
INSERT INTO exchange_usage_person (person, usage) SELECT person, usage FROM taken ORDER BY person, usage ON CONFLICT DO NOTHING
