-- name: matter_insert
INSERT INTO sharing_matter (case_id, kind, unit, person, respondent, resource, answer, asked_at) VALUES ($1, $2, $3, $4, $5, $6, '', $7)

-- name: matter_answer
UPDATE sharing_matter SET answer = $2 WHERE case_id = $1

-- name: matter_one
SELECT case_id, kind, unit, person, respondent, resource, answer, asked_at FROM sharing_matter WHERE case_id = $1

-- name: matters_of_unit
SELECT case_id, kind, unit, person, respondent, resource, answer, asked_at FROM sharing_matter WHERE (unit = $1 OR respondent = $1) AND case_id < $2
ORDER BY case_id DESC LIMIT $3

-- name: matters_of_person
SELECT case_id, kind, unit, person, respondent, resource, answer, asked_at FROM sharing_matter WHERE person = $1 AND case_id < $2
ORDER BY case_id DESC LIMIT $3

-- name: matter_state
SELECT case_id, kind, unit, person, respondent, resource, answer, asked_at FROM sharing_matter WHERE case_id = $1

-- name: matter_states
SELECT case_id, kind, unit, person, respondent, resource, answer, asked_at FROM sharing_matter
