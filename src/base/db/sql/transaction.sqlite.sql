-- name: begin_read
BEGIN DEFERRED;

-- name: begin_write
-- aside
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: savepoint
SAVEPOINT act;

-- name: release
RELEASE act;

-- name: rollback_to
ROLLBACK TO act;

-- name: data_version
-- Another number once a connection other than this one has committed, of this program or of another.
PRAGMA data_version;
