-- name: current
SELECT number, pack, key, version, applied_at FROM pack_applied ORDER BY number DESC LIMIT 1;

-- name: add_applied
INSERT INTO pack_applied (number, pack, key, version, applied_at) VALUES ($1, $2, $3, $4, $5);

-- name: add_file
INSERT INTO pack_file (sha256, content) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING;

-- name: add_content
INSERT INTO pack_content (pack, path, sha256) VALUES ($1, $2, $3) ON CONFLICT (pack, path) DO NOTHING;

-- name: contents
SELECT c.path, f.content FROM pack_content c JOIN pack_file f ON f.sha256 = c.sha256 WHERE c.pack = $1 ORDER BY c.path;

-- name: content
SELECT f.content, c.sha256 FROM pack_content c JOIN pack_file f ON f.sha256 = c.sha256 WHERE c.pack = $1 AND c.path = $2;

-- name: packs
SELECT DISTINCT pack FROM pack_applied;

-- name: applied_state
SELECT number, pack, key, version, applied_at FROM pack_applied WHERE number = $1;

-- name: applied_states
SELECT number, pack, key, version, applied_at FROM pack_applied;

-- name: history
SELECT a.number, a.pack, a.key, a.version, a.applied_at, (SELECT COUNT(*) FROM pack_content c WHERE c.pack = a.pack)
FROM pack_applied a ORDER BY a.number DESC LIMIT $1;

-- name: file_hashes
SELECT path, sha256 FROM pack_content WHERE pack = $1 ORDER BY path;
