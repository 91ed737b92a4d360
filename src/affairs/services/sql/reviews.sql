-- aside
-- name: review_insert
INSERT INTO service_review (id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '')

-- name: review_answer
UPDATE service_review SET finding = $2, answer = $3, answered_on = $4 WHERE id = $1

-- name: review_settle
UPDATE service_review SET state = $2, settled_on = $3 WHERE id = $1

-- name: review_forget
UPDATE service_review SET words = '', answer = '' WHERE id = $1

-- name: review_one
SELECT id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer, answered_on, settled_on
FROM service_review WHERE id = $1

-- name: review_states
SELECT id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer, answered_on, settled_on
FROM service_review

-- name: review_of_case
SELECT id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer, answered_on, settled_on
FROM service_review WHERE case_id = $1 AND occasion = $2

-- name: review_followed_by
SELECT id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer, answered_on, settled_on
FROM service_review WHERE followup = $1

-- name: reviews_of_unit
SELECT id, case_id, occasion, item, unit, channel, grade, tags, words, anonymous, at, state, followup, due_on, finding, answer, answered_on, settled_on
FROM service_review
WHERE unit = $1 AND id < $2 AND grade <= $3 AND ($4 = 0 OR state = 1) AND ($5 = '' OR due_on < $5) AND ($6 = 0 OR words <> '') ORDER BY id DESC LIMIT $7

-- name: review_figures
SELECT item, unit, count(*), CAST(sum(CASE WHEN state = 3 THEN 0 ELSE 1 END) AS BIGINT), CAST(sum(CASE WHEN state = 3 THEN 0 ELSE grade END) AS BIGINT),
  CAST(sum(CASE WHEN grade <= 2 AND state <> 3 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS BIGINT),
  CAST(sum(CASE WHEN state = 1 AND due_on < $2 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN settled_on IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT),
  CAST(sum(CASE WHEN settled_on <= due_on THEN 1 ELSE 0 END) AS BIGINT)
FROM service_review WHERE at >= $1 GROUP BY item, unit ORDER BY item, unit

-- name: review_score
SELECT count(*), CAST(coalesce(sum(grade), 0) AS BIGINT) FROM service_review WHERE item = $1 AND at >= $2 AND state <> 3

-- name: visit_one
SELECT v.case_id, a.item, c.unit, c.taken_at
FROM service_visit v JOIN service_counter c ON c.case_id = v.case_id JOIN service_application a ON a.case_id = v.case_id WHERE v.code = $1

-- name: visit_code
SELECT code FROM service_visit WHERE case_id = $1

-- name: visit_insert
INSERT INTO service_visit (case_id, code) VALUES ($1, $2)
