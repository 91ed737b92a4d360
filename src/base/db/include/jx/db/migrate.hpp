// migrate.hpp - brings a database's tables to what this program needs. Forward only: nothing is ever undone.
#pragma once
#include <jx/db.hpp>

#include <string>
#include <vector>

namespace jx::db {

struct AppliedMigration {
  int number = 0;
  std::string title;
  std::string module;
  std::string sha256;  // of the text that was run, in hexadecimal
  friend bool operator==(const AppliedMigration&, const AppliedMigration&) = default;
};

struct MigrationReport {
  std::vector<AppliedMigration> applied;  // by this call, in order; empty if there was nothing to do
  int head = 0;                           // the highest number of all; 0 for none
};

/// Applies the migrations that the database lacks, each in a transaction of its own, in rising order. Safe when several programs do it
/// at once, and when it is done again. With `only`, just those numbers: for restoring a backup of an older program.
/// Errors: conflict (the database was made by a newer program; a migration was changed after it had been applied; a new one comes
///   before an applied one of its module); internal (two migrations with one number); what the database answers to a faulty script.
[[nodiscard]] Result<MigrationReport> migrate(Database& database, std::span<const SqlBundle* const> bundles);
[[nodiscard]] Result<MigrationReport> migrate_only(Database& database, std::span<const SqlBundle* const> bundles, std::span<const int> only);

/// The migrations that were applied to this database, by number; none for a new one.
[[nodiscard]] Result<std::vector<AppliedMigration>> history(Database& database);

/// Whether the database has exactly these migrations. Errors: conflict (says what is missing, changed or unknown).
[[nodiscard]] Result<> check_schema(Database& database, std::span<const SqlBundle* const> bundles);

}  // namespace jx::db
