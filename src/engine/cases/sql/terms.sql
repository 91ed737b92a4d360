-- aside
-- name: term_set
INSERT INTO case_term (case_id, term, due_on, provisional) VALUES ($1, $2, $3, $4)
ON CONFLICT (case_id) DO UPDATE SET term = excluded.term, due_on = excluded.due_on, provisional = excluded.provisional;

-- name: term_one
SELECT term, due_on, provisional FROM case_term WHERE case_id = $1;

-- name: term_state_row
SELECT case_id, term, due_on, provisional FROM case_term WHERE case_id = $1;

-- name: term_state_rows
SELECT case_id, term, due_on, provisional FROM case_term;
