-- name: figures
SELECT (at - $2) / $3 AS step, CAST(SUM(CASE WHEN refused = '' THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN refused = '' THEN 0 ELSE 1 END) AS BIGINT),
  CAST(SUM(records) AS BIGINT)
FROM exchange_usage WHERE grant_id = $1 AND at >= $2 GROUP BY step ORDER BY step

-- name: usage_all
SELECT u.id, u.at, u.consumer, u.provider, u.resource, u.grant_id, u.fields, u.records, u.matter, u.matter_number, u.item, u.programme, u.by_applicant, u.refused, u.entry, u.account
FROM exchange_usage u WHERE u.id < $1 ORDER BY u.id DESC LIMIT $2
