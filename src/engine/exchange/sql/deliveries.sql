-- name: delivery_insert
INSERT INTO exchange_delivery (id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, usage, key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'ordered', $12, $13, $14) ON CONFLICT DO NOTHING

-- name: delivery_state
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key FROM exchange_delivery WHERE id = $1

-- name: delivery_states
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key FROM exchange_delivery

-- name: delivery_part_state
SELECT delivery, part, records, bytes, sha256 FROM exchange_delivery_part WHERE delivery = $1 AND part = $2

-- name: delivery_part_states
SELECT delivery, part, records, bytes, sha256 FROM exchange_delivery_part

-- name: delivery_one
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key, attempt FROM exchange_delivery WHERE id = $1

-- name: deliveries_of
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key, attempt FROM exchange_delivery WHERE (consumer = $1 OR provider = $1) AND id < $2 ORDER BY id DESC LIMIT $3

-- name: deliveries_of_grant
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key, attempt FROM exchange_delivery WHERE grant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- name: deliveries_all
SELECT id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key, attempt FROM exchange_delivery WHERE id < $1 ORDER BY id DESC LIMIT $2

-- name: delivery_parts
SELECT part, records, bytes, sha256 FROM exchange_delivery_part WHERE delivery = $1 ORDER BY part

-- name: delivery_part_insert
INSERT INTO exchange_delivery_part (delivery, part, records, bytes, sha256) VALUES ($1, $2, $3, $4, $5)

-- name: deliveries_waiting
SELECT COUNT(*) FROM exchange_delivery WHERE grant_id = $1 AND state = 'ordered'

-- name: deliveries_unacknowledged
SELECT COUNT(*) FROM exchange_delivery WHERE grant_id = $1 AND state = 'released'

-- name: delivery_base
SELECT id, filter FROM exchange_delivery
WHERE grant_id = $1 AND format = $2 AND key = $3 AND acknowledged_at IS NOT NULL AND destroyed_at IS NULL AND state IN ('released', 'acknowledged', 'expired') AND indexed = 1 AND files > 0
ORDER BY acknowledged_at DESC LIMIT 1

-- name: delivery_lease
UPDATE exchange_delivery SET attempt = attempt + 1, leased_until = $2
WHERE leased_until <= $1 AND state = 'ordered'
  AND id = (SELECT id FROM exchange_delivery WHERE state = 'ordered' AND leased_until <= $1 ORDER BY id LIMIT 1)
RETURNING id, grant_id, resource, consumer, provider, programme, kind, format, base, filter, cycle, state, ordered_at, released_at, expires_at, records, bytes, parts, usage, acknowledged_at, resends, recalled_at, recall_reason, destroyed_at, destroyed_note, why, key, attempt

-- name: delivery_lease_on
UPDATE exchange_delivery SET leased_until = $3 WHERE id = $1 AND attempt = $2 AND state = 'ordered'

-- name: delivery_release
UPDATE exchange_delivery SET state = 'released', released_at = $3, expires_at = $4, records = $5, bytes = $6, parts = $7, indexed = CASE WHEN key = '' THEN 0 ELSE 1 END, files = 1
WHERE id = $1 AND attempt = $2 AND state = 'ordered'

-- name: delivery_fail
UPDATE exchange_delivery SET state = 'failed', why = $3 WHERE id = $1 AND attempt = $2 AND state = 'ordered'

-- name: delivery_acknowledge
UPDATE exchange_delivery SET state = 'acknowledged', acknowledged_at = $2 WHERE id = $1

-- name: delivery_last_acknowledged
SELECT COALESCE(MAX(acknowledged_at), 0) FROM exchange_delivery WHERE grant_id = $1

-- name: deliveries_overtaken
SELECT id FROM exchange_delivery WHERE grant_id = $1 AND kind = 'changes' AND state IN ('released', 'ordered') AND base <> $2 AND id <> $2 ORDER BY id

-- name: delivery_supersede
UPDATE exchange_delivery SET state = 'superseded' WHERE id = $1

-- name: delivery_resend
UPDATE exchange_delivery SET state = 'released', expires_at = $2, resends = resends + 1 WHERE id = $1

-- name: delivery_recall
UPDATE exchange_delivery SET state = 'recalled', recalled_at = $2, recall_reason = $3 WHERE id = $1

-- name: delivery_destroyed
UPDATE exchange_delivery SET destroyed_at = $2, destroyed_note = $3 WHERE id = $1

-- name: deliveries_to_expire
SELECT d.id FROM exchange_delivery d WHERE d.files = 1 AND d.state IN ('released', 'acknowledged')
  AND (d.expires_at <= $1 OR EXISTS (SELECT 1 FROM exchange_grant g WHERE g.id = d.grant_id AND g.ended_at IS NOT NULL)) ORDER BY d.id LIMIT 100

-- name: deliveries_released
SELECT id FROM exchange_delivery WHERE grant_id = $1 AND state = 'released' ORDER BY id

-- name: delivery_expire
UPDATE exchange_delivery SET state = 'expired' WHERE id = $1 AND state IN ('released', 'acknowledged')

-- name: deliveries_over
SELECT id, files, CASE WHEN acknowledged_at IS NOT NULL AND destroyed_at IS NULL AND indexed = 1 AND state IN ('acknowledged', 'expired')
  AND NOT EXISTS (SELECT 1 FROM exchange_delivery n WHERE n.grant_id = d.grant_id AND n.indexed = 1 AND n.destroyed_at IS NULL AND n.files > 0
    AND n.state IN ('released', 'acknowledged', 'expired') AND n.acknowledged_at > d.acknowledged_at)
  AND NOT EXISTS (SELECT 1 FROM exchange_grant g WHERE g.id = d.grant_id AND g.ended_at IS NOT NULL)
  THEN 1 ELSE 0 END
FROM exchange_delivery d WHERE files > 0 AND (destroyed_at IS NOT NULL OR state IN ('recalled', 'expired', 'superseded', 'failed')) ORDER BY id LIMIT 1000

-- name: delivery_files
UPDATE exchange_delivery SET files = $2 WHERE id = $1

-- name: deliveries_with_files
SELECT id, attempt, files FROM exchange_delivery WHERE files > 0 ORDER BY id

-- name: delivery_folder
SELECT state, attempt, files FROM exchange_delivery WHERE id = $1

-- name: delivery_of_cycle
SELECT 1 FROM exchange_delivery WHERE grant_id = $1 AND cycle = $2

-- name: usage_persons_of
SELECT person FROM exchange_usage_person WHERE usage = $1 UNION SELECT person FROM exchange_usage_person_new WHERE usage = $1 ORDER BY person

-- name: usage_persons_forget_new
DELETE FROM exchange_usage_person_new WHERE usage = $1

-- name: usage_persons_forget
DELETE FROM exchange_usage_person WHERE usage = $1
