-- name: history
SELECT number, title, module, sha256 FROM schema_migration ORDER BY number;

-- name: add_to_history
INSERT INTO schema_migration (number, title, module, sha256, applied_at) VALUES ($1, $2, $3, $4, $5);
