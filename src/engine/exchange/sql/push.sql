-- name: push_missing
SELECT d.id, d.grant_id, d.resends FROM exchange_delivery d WHERE d.files = 1 AND d.state = 'released'
  AND NOT EXISTS (SELECT 1 FROM exchange_push p WHERE p.delivery = d.id AND p.resends = d.resends) AND d.id > $1 ORDER BY d.id LIMIT 1000

-- name: push_put
INSERT INTO exchange_push (delivery, grant_id, resends, next_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (delivery) DO UPDATE SET resends = excluded.resends, sent = 0, attempts = 0, next_at = excluded.next_at, said = '', leased_until = 0, done_at = NULL, stopped_at = NULL

-- name: push_lease
UPDATE exchange_push SET leased_until = $2
WHERE leased_until <= $1 AND delivery = (SELECT p.delivery FROM exchange_push p JOIN exchange_delivery d ON d.id = p.delivery AND d.state = 'released'
  WHERE p.done_at IS NULL AND p.stopped_at IS NULL AND p.next_at <= $1 AND p.leased_until <= $1
    AND NOT EXISTS (SELECT 1 FROM exchange_push o JOIN exchange_delivery e ON e.id = o.delivery AND e.state = 'released'
      WHERE o.grant_id = p.grant_id AND o.delivery < p.delivery AND o.done_at IS NULL AND o.stopped_at IS NULL)
  ORDER BY p.next_at, p.delivery LIMIT 1)
RETURNING delivery, sent, attempts

-- name: push_sent
UPDATE exchange_push SET sent = $2, attempts = 0, last_at = $3, said = '', leased_until = $4 WHERE delivery = $1 AND sent = $2 - 1 AND done_at IS NULL

-- name: push_failed
UPDATE exchange_push SET attempts = attempts + 1, next_at = $2, last_at = $3, said = $4, leased_until = 0, stopped_at = $5 WHERE delivery = $1 AND done_at IS NULL

-- name: push_done
UPDATE exchange_push SET done_at = $2, leased_until = 0 WHERE delivery = $1

-- name: push_release
UPDATE exchange_push SET leased_until = 0 WHERE delivery = $1

-- name: push_resume
UPDATE exchange_push SET attempts = 0, next_at = $2, stopped_at = NULL, leased_until = 0 WHERE delivery = $1 AND done_at IS NULL

-- name: push_one
SELECT sent, attempts, next_at, last_at, said, done_at, stopped_at FROM exchange_push WHERE delivery = $1
