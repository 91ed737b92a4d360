-- name: figures_flow
SELECT item, (opened_at + $1) / 86400000000, CASE WHEN closed_at IS NULL THEN -1 ELSE (closed_at + $1) / 86400000000 END, state, count(*)
FROM case_file WHERE item <> '' AND (closed_at IS NULL OR closed_at >= $2 OR opened_at >= $2)
GROUP BY 1, 2, 3, 4

-- name: figures_work
SELECT unit, count(*), CAST(sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) AS BIGINT)
FROM case_task WHERE state IN (0, 1) GROUP BY unit

-- name: figures_late
SELECT t.id, t.case_id, f.number, f.item, t.unit, t.due_on
FROM case_task t JOIN case_file f ON f.id = t.case_id
WHERE t.state IN (0, 1) AND t.due_at < $1 AND t.due_on IS NOT NULL ORDER BY t.due_at, t.id LIMIT $2

-- name: figures_data
SELECT consumer, provider, CAST(sum(CASE WHEN refused = '' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN refused = '' THEN 0 ELSE 1 END) AS BIGINT),
  CAST(sum(records) AS BIGINT)
FROM exchange_usage WHERE at >= $1 GROUP BY consumer, provider ORDER BY consumer, provider

-- name: figures_prefills
SELECT prefills FROM service_application WHERE item = $1 ORDER BY case_id DESC LIMIT $2

-- name: figures_windows
SELECT t.holder_unit, count(*), CAST(avg(t.done_at - t.created_at) AS BIGINT), CAST(sum(CASE WHEN t.done_at > t.due_at THEN 1 ELSE 0 END) AS BIGINT),
  CAST(sum(CASE WHEN t.outcome = 'refuse' THEN 1 ELSE 0 END) AS BIGINT)
FROM case_file f JOIN case_task t ON t.case_id = f.id
WHERE f.item = $1 AND f.opened_at >= $2 AND t.state = 2 AND t.holder_unit IS NOT NULL AND t.holder_unit <> '' GROUP BY t.holder_unit ORDER BY 2 DESC
