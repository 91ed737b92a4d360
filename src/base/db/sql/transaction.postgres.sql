-- name: begin_read
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: begin_write
BEGIN ISOLATION LEVEL SERIALIZABLE;

-- name: begin_guarded
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- name: begin_relaxed
BEGIN ISOLATION LEVEL READ COMMITTED;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: own_xid
SELECT CAST(pg_current_xact_id() AS text);

-- name: status_of_xid
SELECT pg_xact_status(CAST(CAST($1 AS text) AS xid8));
