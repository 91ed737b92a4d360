-- name: integrity_check
PRAGMA integrity_check(100);

-- name: foreign_key_check
PRAGMA foreign_key_check;

-- name: size
SELECT page_count * page_size, page_size FROM pragma_page_count(), pragma_page_size();
