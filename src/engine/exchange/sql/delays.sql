-- name: delay_insert
INSERT INTO exchange_delay (id, grant_id, matter, unit, until, law, reason, asked_at, asked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: delay_decide
UPDATE exchange_delay SET decided_at = $2, decided_by = $3, approved = $4, decision = $5 WHERE id = $1

-- name: delay_end
UPDATE exchange_delay SET ended_at = $2, ended_why = $3 WHERE id = $1

-- name: delay_one
SELECT id, grant_id, matter, unit, until, law, reason, asked_at, asked_by, decided_at, decided_by, approved, decision, ended_at, ended_why FROM exchange_delay WHERE id = $1

-- name: delay_list
SELECT id, grant_id, matter, unit, until, law, reason, asked_at, asked_by, decided_at, decided_by, approved, decision, ended_at, ended_why FROM exchange_delay ORDER BY id DESC LIMIT 1000

-- name: delays_of_grant
SELECT id, grant_id, matter, unit, until, law, reason, asked_at, asked_by, decided_at, decided_by, approved, decision, ended_at, ended_why FROM exchange_delay WHERE grant_id = $1 ORDER BY id

-- name: delay_state
SELECT id, grant_id, matter, unit, until, law, reason, asked_at, asked_by, decided_at, decided_by, approved, decision, ended_at, ended_why FROM exchange_delay WHERE id = $1

-- name: delay_states
SELECT id, grant_id, matter, unit, until, law, reason, asked_at, asked_by, decided_at, decided_by, approved, decision, ended_at, ended_why FROM exchange_delay

-- name: usage_shown
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account
FROM (SELECT a.usage FROM (SELECT p.usage FROM exchange_usage_person p JOIN exchange_usage u ON u.id = p.usage
        WHERE p.person = $1 AND p.usage < $3 AND u.refused = '' AND NOT EXISTS (SELECT 1 FROM exchange_delay d WHERE d.grant_id = u.grant_id AND d.approved = 1 AND d.ended_at IS NULL AND d.until > $2 AND u.at >= d.asked_at AND (d.matter IS NULL OR d.matter = u.matter))
        ORDER BY p.usage DESC LIMIT $4) a
      UNION SELECT b.usage FROM (SELECT p.usage FROM exchange_usage_person_new p JOIN exchange_usage u ON u.id = p.usage
        WHERE p.person = $1 AND p.usage < $3 AND u.refused = '' AND NOT EXISTS (SELECT 1 FROM exchange_delay d WHERE d.grant_id = u.grant_id AND d.approved = 1 AND d.ended_at IS NULL AND d.until > $2 AND u.at >= d.asked_at AND (d.matter IS NULL OR d.matter = u.matter))
        ORDER BY p.usage DESC LIMIT $4) b) s
  JOIN exchange_usage u ON u.id = s.usage
ORDER BY u.id DESC LIMIT $4

-- name: reads_between
-- By the time of the uses, the ids only spare rows; what an investigation still keeps from a person is not told.
SELECT p.person, u.id FROM exchange_usage u JOIN exchange_usage_person p ON p.usage = u.id
WHERE u.id >= $1 AND u.id < $2 AND u.at >= $4 AND u.at < $5 AND u.refused = '' AND u.by_applicant = 0
  AND NOT EXISTS (SELECT 1 FROM exchange_delay d WHERE d.grant_id = u.grant_id AND d.approved = 1 AND d.ended_at IS NULL AND d.until > $3 AND u.at >= d.asked_at AND (d.matter IS NULL OR d.matter = u.matter))
UNION SELECT p.person, u.id FROM exchange_usage u JOIN exchange_usage_person_new p ON p.usage = u.id
WHERE u.id >= $1 AND u.id < $2 AND u.at >= $4 AND u.at < $5 AND u.refused = '' AND u.by_applicant = 0
  AND NOT EXISTS (SELECT 1 FROM exchange_delay d WHERE d.grant_id = u.grant_id AND d.approved = 1 AND d.ended_at IS NULL AND d.until > $3 AND u.at >= d.asked_at AND (d.matter IS NULL OR d.matter = u.matter))
