-- aside
-- name: folder_make
INSERT INTO attachment_folder (id, owner, kind, sealed_key, files, octets) VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (owner) DO NOTHING;

-- name: folder_of
SELECT id, owner, kind, sealed_key, files, octets FROM attachment_folder WHERE owner = $1;

-- name: folder_one
SELECT id, owner, kind, sealed_key, files, octets FROM attachment_folder WHERE id = $1;

-- name: folder_grow
UPDATE attachment_folder SET files = files + $2, octets = octets + $3 WHERE id = $1;

-- name: folder_filed
UPDATE attachment_folder SET owner = $2, kind = 1 WHERE owner = $1 AND kind = 0;

-- name: folder_erase
UPDATE attachment_folder SET sealed_key = NULL, erased_at = $2, files = 0, octets = 0 WHERE id = $1;

-- name: folder_delete
DELETE FROM attachment_folder WHERE id = $1;

-- name: upload_insert
INSERT INTO attachment_upload (id, folder, size, received, material, types, sealed, account, expires_at) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8);

-- name: upload_one
SELECT id, folder, size, received, material, types, sealed, account, expires_at FROM attachment_upload WHERE id = $1;

-- name: upload_advance
UPDATE attachment_upload SET received = $3, expires_at = $4 WHERE id = $1 AND received = $2;

-- name: upload_delete
DELETE FROM attachment_upload WHERE id = $1;

-- name: uploads_in
SELECT id, size FROM attachment_upload WHERE folder = $1;

-- name: uploads_of_material
SELECT count(*) FROM attachment_upload WHERE folder = $1 AND material = $2;

-- name: uploads_expired
SELECT id, folder, size FROM attachment_upload WHERE expires_at < $1 ORDER BY expires_at LIMIT $2;

-- name: chunk_insert
INSERT INTO attachment_chunk (content, number, octets, sha256) VALUES ($1, $2, $3, $4);

-- name: chunks_between
SELECT number, octets FROM attachment_chunk WHERE content = $1 AND number >= $2 AND number <= $3 ORDER BY number;

-- name: chunk_hashes
SELECT sha256 FROM attachment_chunk WHERE content = $1 ORDER BY number;

-- name: chunks_delete
DELETE FROM attachment_chunk WHERE content = $1 AND number IN (SELECT number FROM attachment_chunk WHERE content = $1 ORDER BY number LIMIT $2);

-- name: content_insert
INSERT INTO attachment_content (id, folder, address, size, stored_sha256) VALUES ($1, $2, $3, $4, $5);

-- name: content_at
SELECT id, stored_sha256 FROM attachment_content WHERE folder = $1 AND address = $2;

-- name: content_delete
DELETE FROM attachment_content WHERE id = $1;

-- name: contents_in
SELECT id FROM attachment_content WHERE folder = $1;

-- name: content_used
SELECT 1 FROM attachment WHERE content = $1 LIMIT 1;

-- name: attachment_insert
INSERT INTO attachment (id, folder, content, type, size, material, sealed, stored_sha256, account, unit, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: attachment_one
SELECT a.id, a.folder, a.content, a.type, a.size, a.material, a.sealed, a.account, a.unit, a.added_at, a.removed_at, a.removed_reason, f.owner, f.kind, f.sealed_key
FROM attachment a JOIN attachment_folder f ON f.id = a.folder WHERE a.id = $1;

-- name: attachments_of
SELECT a.id, a.folder, a.content, a.type, a.size, a.material, a.sealed, a.account, a.unit, a.added_at, a.removed_at, a.removed_reason, f.owner, f.kind, f.sealed_key
FROM attachment_folder f JOIN attachment a ON a.folder = f.id WHERE f.owner = $1 ORDER BY a.id;

-- name: attachment_delete
DELETE FROM attachment WHERE id = $1;

-- name: attachment_remove
UPDATE attachment SET content = NULL, removed_at = $2, removed_reason = $3 WHERE id = $1;

-- name: attachments_erase
UPDATE attachment SET content = NULL, sealed = $2 WHERE folder = $1;

-- name: attachments_delete
DELETE FROM attachment WHERE folder = $1;

-- name: attachments_by_material
SELECT a.material, count(*) FROM attachment_folder f JOIN attachment a ON a.folder = f.id WHERE f.owner = $1 AND a.removed_at IS NULL GROUP BY a.material;

-- name: attachments_of_material
SELECT count(*) FROM attachment WHERE folder = $1 AND material = $2 AND removed_at IS NULL;

-- name: attachment_state
SELECT a.id, f.owner, a.content, a.type, a.size, a.material, a.sealed, a.stored_sha256, a.account, a.unit, a.added_at, a.removed_at, a.removed_reason
FROM attachment a JOIN attachment_folder f ON f.id = a.folder WHERE a.id = $1 AND f.kind = 1;

-- name: attachment_states
SELECT a.id, f.owner, a.content, a.type, a.size, a.material, a.sealed, a.stored_sha256, a.account, a.unit, a.added_at, a.removed_at, a.removed_reason
FROM attachment a JOIN attachment_folder f ON f.id = a.folder WHERE f.kind = 1;

-- name: attachment_states_of
SELECT a.id, f.owner, a.content, a.type, a.size, a.material, a.sealed, a.stored_sha256, a.account, a.unit, a.added_at, a.removed_at, a.removed_reason
FROM attachment_folder f JOIN attachment a ON a.folder = f.id WHERE f.owner = $1 AND f.kind = 1 ORDER BY a.id;

-- name: task_show
INSERT INTO attachment_for_task (task, attachment) VALUES ($1, $2) ON CONFLICT (task, attachment) DO NOTHING;

-- name: task_sees
SELECT attachment FROM attachment_for_task WHERE task = $1 ORDER BY attachment;

-- name: waste_put
INSERT INTO attachment_waste (content) VALUES ($1) ON CONFLICT (content) DO NOTHING;

-- name: waste_some
SELECT content FROM attachment_waste LIMIT 1;

-- name: waste_done
DELETE FROM attachment_waste WHERE content = $1;

-- name: contents
SELECT c.id, c.size, c.stored_sha256, f.id, f.sealed_key, c.address FROM attachment_content c LEFT JOIN attachment_folder f ON f.id = c.folder WHERE c.id > $1 ORDER BY c.id LIMIT $2;

-- name: attachments_without_content
SELECT a.id FROM attachment a LEFT JOIN attachment_content c ON c.id = a.content
WHERE a.content IS NOT NULL AND (c.id IS NULL OR c.size <> a.size OR c.stored_sha256 <> a.stored_sha256);

-- name: chunks_of_nothing
SELECT DISTINCT h.content FROM attachment_chunk h
WHERE NOT EXISTS (SELECT 1 FROM attachment_content c WHERE c.id = h.content) AND NOT EXISTS (SELECT 1 FROM attachment_upload u WHERE u.id = h.content)
  AND NOT EXISTS (SELECT 1 FROM attachment_waste w WHERE w.content = h.content);
