-- name: begin_epoch
INSERT INTO act_epoch (one, value) VALUES (1, CAST(gen_random_uuid() AS text)) ON CONFLICT DO NOTHING;

-- name: epoch
SELECT value FROM act_epoch;
