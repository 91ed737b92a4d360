-- name: followup_insert
INSERT INTO sharing_followup (kind, grant_id, case_id, opened_at) VALUES ($1, $2, $3, $4)

-- name: followup_one
SELECT case_id FROM sharing_followup WHERE kind = $1 AND grant_id = $2

-- name: followup_of_case
SELECT grant_id FROM sharing_followup WHERE case_id = $1

-- name: followup_state
SELECT kind, grant_id, case_id, opened_at FROM sharing_followup WHERE kind = $1 AND grant_id = $2

-- name: followup_states
SELECT kind, grant_id, case_id, opened_at FROM sharing_followup
