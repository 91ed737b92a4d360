-- aside
-- name: result_insert
INSERT INTO service_result (case_id, wish, state, carrier, tracking, done_at, unit, account) VALUES ($1, $2, 'wanted', '', '', NULL, '', NULL)

-- name: result_one
SELECT case_id, wish, state, carrier, tracking, done_at, unit, account FROM service_result WHERE case_id = $1

-- name: result_done
UPDATE service_result SET state = $2, carrier = $3, tracking = $4, done_at = $5, unit = $6, account = $7 WHERE case_id = $1

-- name: result_state
SELECT case_id, wish, state, carrier, tracking, done_at, unit, account FROM service_result WHERE case_id = $1

-- name: result_states
SELECT case_id, wish, state, carrier, tracking, done_at, unit, account FROM service_result

-- name: fee_insert
INSERT INTO service_fee (id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account, pay_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, '', '', '', NULL, $11)

-- name: fees_of
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account, pay_by FROM service_fee
WHERE case_id = $1 ORDER BY id

-- name: fee_one
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account, pay_by FROM service_fee WHERE id = $1

-- name: fee_paid
UPDATE service_fee SET paid_at = $2, way = $3, receipt = $4, paid_unit = $5, paid_account = $6 WHERE id = $1 AND paid_at IS NULL

-- name: fee_state
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account, pay_by FROM service_fee WHERE id = $1

-- name: fee_states
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account, pay_by FROM service_fee

-- name: fee_state_1
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account FROM service_fee WHERE id = $1

-- name: fee_states_1
SELECT id, case_id, item, name, amount, currency, awaited, due_at, unit, account, paid_at, way, receipt, paid_unit, paid_account FROM service_fee

-- name: fees_total
SELECT f.currency, count(*), CAST(sum(f.amount) AS BIGINT), CAST(sum(CASE WHEN f.paid_at IS NULL THEN 0 ELSE 1 END) AS BIGINT),
  CAST(sum(CASE WHEN f.paid_at IS NULL THEN 0 ELSE f.amount END) AS BIGINT)
FROM service_fee f JOIN case_file c ON c.id = f.case_id
WHERE f.item = $1 AND f.due_at >= $2 AND (f.paid_at IS NOT NULL OR f.awaited = '' OR c.closed_at IS NULL)
GROUP BY f.currency ORDER BY f.currency
