-- name: programme_all
SELECT id, body, ended_at FROM exchange_programme ORDER BY id

-- name: programme_put
INSERT INTO exchange_programme (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = NULL

-- name: programme_end
UPDATE exchange_programme SET ended_at = $2 WHERE id = $1

-- name: programme_state
SELECT id, body, ended_at FROM exchange_programme WHERE id = $1

-- name: programme_states
SELECT id, body, ended_at FROM exchange_programme

-- name: grant_all
SELECT id, body, CASE WHEN ended_reason = '' THEN ended_at END FROM exchange_grant WHERE origin = 'pack' ORDER BY id

-- name: grant_put
INSERT INTO exchange_grant (id, body, since) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, ended_at = CASE WHEN exchange_grant.ended_reason = '' THEN NULL ELSE exchange_grant.ended_at END

-- name: grant_end
UPDATE exchange_grant SET ended_at = COALESCE(ended_at, $2) WHERE id = $1

-- name: grant_state
SELECT id, body, ended_at, suspended_at, suspended_reason FROM exchange_grant WHERE id = $1

-- name: grant_states
SELECT id, body, ended_at, suspended_at, suspended_reason FROM exchange_grant

-- name: programme_one
SELECT body FROM exchange_programme WHERE id = $1 AND ended_at IS NULL

-- name: grants_with_state
SELECT body, ended_at, suspended_at FROM exchange_grant ORDER BY id

-- name: grant_one
SELECT body, ended_at, suspended_at FROM exchange_grant WHERE id = $1

-- name: usage_set_entry
UPDATE exchange_usage SET entry = $2 WHERE id = $1

-- name: grant_suspend
UPDATE exchange_grant SET suspended_at = $2, suspended_reason = $3 WHERE id = $1

-- name: calls_since
SELECT at / 1000000, COUNT(*) FROM exchange_usage WHERE grant_id = $1 AND at > $2 AND refused = '' GROUP BY 1

-- name: records_since
SELECT COALESCE(SUM(records), 0) FROM exchange_usage WHERE grant_id = $1 AND at > $2 AND refused = ''

-- name: refusals_since
SELECT COUNT(*) FROM exchange_usage WHERE grant_id = $1 AND at > $2 AND refused = $3

-- name: insert_usage
-- aside
INSERT INTO exchange_usage (id, at, consumer, provider, resource, grant_id, fields, records, matter, matter_number, item, programme, by_applicant, account, refused, entry,
  persons)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)

-- name: insert_usage_person
-- aside
INSERT INTO exchange_usage_person (person, usage) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: insert_usage_person_new
-- aside
INSERT INTO exchange_usage_person_new (usage, person) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: usage_about
-- Of what is taken over and of what waits; a use may be in both meanwhile.
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account
FROM (SELECT a.usage FROM (SELECT p.usage FROM exchange_usage_person p JOIN exchange_usage u ON u.id = p.usage
        WHERE p.person = $1 AND p.usage < $2 AND u.refused = '' ORDER BY p.usage DESC LIMIT $3) a
      UNION SELECT b.usage FROM (SELECT p.usage FROM exchange_usage_person_new p JOIN exchange_usage u ON u.id = p.usage
        WHERE p.person = $1 AND p.usage < $2 AND u.refused = '' ORDER BY p.usage DESC LIMIT $3) b) s
  JOIN exchange_usage u ON u.id = s.usage
ORDER BY u.id DESC LIMIT $3

-- name: usage_by
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account FROM exchange_usage u WHERE u.consumer = $1 AND u.id < $2 ORDER BY u.id DESC LIMIT $3

-- name: usage_from
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account FROM exchange_usage u WHERE u.provider = $1 AND u.id < $2 ORDER BY u.id DESC LIMIT $3

-- name: usage_for
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account FROM exchange_usage u WHERE u.matter = $1 ORDER BY u.id LIMIT 1000

-- name: rebind
UPDATE exchange_usage SET matter = $2, matter_number = $3 WHERE matter = $1
RETURNING id, at, consumer, provider, resource, grant_id, fields, records, matter, matter_number, item, programme, by_applicant, account, refused, persons

-- name: usage_state
SELECT id, at, consumer, provider, resource, grant_id, fields, records, item, programme, by_applicant, account, refused FROM exchange_usage WHERE id = $1

-- name: usage_states
SELECT id, at, consumer, provider, resource, grant_id, fields, records, item, programme, by_applicant, account, refused FROM exchange_usage

-- name: usage_state_2
SELECT id, at, consumer, provider, resource, grant_id, fields, records, matter, matter_number, item, programme, by_applicant, account, refused, persons FROM exchange_usage WHERE id = $1

-- name: usage_states_2
SELECT id, at, consumer, provider, resource, grant_id, fields, records, matter, matter_number, item, programme, by_applicant, account, refused, persons FROM exchange_usage

-- name: usage_persons
SELECT usage, person FROM exchange_usage_person UNION SELECT usage, person FROM exchange_usage_person_new ORDER BY usage, person

-- name: usage_person_hashes
SELECT id, persons FROM exchange_usage WHERE persons IS NOT NULL ORDER BY id

-- name: grant_state_2
SELECT id, body, ended_at, suspended_at, suspended_reason, origin, by_case, ended_reason, disposed_at, disposed_note FROM exchange_grant WHERE id = $1

-- name: grant_states_2
SELECT id, body, ended_at, suspended_at, suspended_reason, origin, by_case, ended_reason, disposed_at, disposed_note FROM exchange_grant

-- name: grant_made
SELECT 1 FROM exchange_grant WHERE id = $1 AND origin = 'act'

-- name: grant_record
SELECT body, ended_at, suspended_at, suspended_reason, origin, by_case, ended_reason, disposed_at, disposed_note FROM exchange_grant WHERE id = $1

-- name: grant_records
SELECT body, ended_at, suspended_at, suspended_reason, origin, by_case, ended_reason, disposed_at, disposed_note FROM exchange_grant ORDER BY id

-- name: grant_give
INSERT INTO exchange_grant (id, body, since, origin, by_case) VALUES ($1, $2, $3, 'act', $4)

-- name: grant_change
UPDATE exchange_grant SET body = $2, by_case = $3 WHERE id = $1

-- name: grant_resume
UPDATE exchange_grant SET suspended_at = NULL, suspended_reason = NULL WHERE id = $1

-- name: grant_end_for_good
UPDATE exchange_grant SET ended_at = $2, ended_reason = $3 WHERE id = $1

-- name: grant_disposed
UPDATE exchange_grant SET disposed_at = $2, disposed_note = $3 WHERE id = $1

-- name: grant_version_last
SELECT COALESCE(MAX(version), 0) FROM exchange_grant_version WHERE grant_id = $1

-- name: grant_version_insert
INSERT INTO exchange_grant_version (grant_id, version, body, since, by_case) VALUES ($1, $2, $3, $4, $5)

-- name: grant_version_state
SELECT grant_id, version, body, since, by_case FROM exchange_grant_version WHERE grant_id = $1 AND version = $2

-- name: grant_version_states
SELECT grant_id, version, body, since, by_case FROM exchange_grant_version

-- name: usage_one
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account FROM exchange_usage u WHERE u.id = $1
