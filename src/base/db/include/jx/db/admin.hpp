// admin.hpp - what an operator does with a database: check it, back it up, restore it. The format of a backup is in BACKUP.md.
#pragma once
#include <jx/db.hpp>
#include <jx/db/migrate.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace jx::db {

/// One thing that is wrong.
struct Finding {
  std::string where;  // "file", "schema", "foreign keys", or what a module calls its part
  Words message;
};

/// What a module checks of its own, such as that the ledger's tree is whole. Adds what it finds; an Error means that it could not look.
struct Check {
  std::string name;
  std::function<Result<>(Database&, std::vector<Finding>&)> run;
};

struct CheckReport {
  std::vector<std::string> checked;  // in order
  std::vector<Finding> findings;     // none: the database is sound
};

/// Reads the whole database: that its file and indexes are whole, that it has exactly these migrations, that no foreign key points
/// nowhere, then `more`. Takes minutes on a large one, beside other work. Errors: unavailable, corrupt (could not be read at all).
[[nodiscard]] Result<CheckReport> check(Database& database, std::span<const SqlBundle* const> bundles, std::span<const Check> more = {});

/// Told now and then how many octets of about how many are done; an error ends the work and is its answer.
using Progress = std::function<Result<>(std::uint64_t done_bytes, std::uint64_t total_bytes)>;

struct BackupInput {
  std::filesystem::path archive;  // a folder whose files never change; empty: none
  Bytes checkpoint;               // the ledger's last signed checkpoint; empty: none
  Progress progress;              // may be empty
};

struct BackupReport {
  Instant made_at;
  Dialect dialect = Dialect::sqlite;
  std::vector<AppliedMigration> migrations;
  std::size_t parts = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  // of SHA256SUMS, which names every part: keep it elsewhere to know later that this backup was not changed
  Bytes checkpoint;
};

/// Copies a consistent state of the database, while it is used, into the folder `target`, which must not exist.
/// An interrupted backup leaves `target` absent. Errors: conflict (it exists); unavailable (disk full, no permission); those of progress.
[[nodiscard]] Result<BackupReport> back_up(Database& database, const std::filesystem::path& target, const BackupInput& input);

/// Whether every part is there and as it was, without restoring it. Errors: not_found (no backup); corrupt (says which part); invalid.
[[nodiscard]] Result<BackupReport> verify_backup(const std::filesystem::path& backup, const Progress& progress = {});

struct RestoreTarget {
  std::string url;                // where no database is yet (SQLite), or an empty one (PostgreSQL)
  std::filesystem::path archive;  // absent or empty; empty path: the files are left out
};

/// Verifies the backup, then makes the database from it, with the migrations it had: migrate() brings it up to date afterwards.
/// Errors: those of verify_backup; conflict (the target holds something; the backup is of another kind of database, or of a newer program).
[[nodiscard]] Result<BackupReport> restore(const std::filesystem::path& backup, const RestoreTarget& target,
                                           std::span<const SqlBundle* const> bundles, const Progress& progress = {});

/// Forgets the keys of acts done before `before`, so that they may be used again. Answers how many.
[[nodiscard]] Result<std::int64_t> forget_keys(Database& database, Instant before);

}  // namespace jx::db
