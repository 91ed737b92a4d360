-- name: claim_key
-- aside
INSERT INTO act_key (octets, attempt, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: attempt_of_key
SELECT attempt FROM act_key WHERE octets = $1;

-- name: forget_keys
DELETE FROM act_key WHERE done_at < $1;
