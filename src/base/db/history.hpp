// history.hpp - which migrations were applied, read inside a transaction.
#pragma once
#include <jx/db/migrate.hpp>

namespace jx::db {

[[nodiscard]] Result<std::vector<AppliedMigration>> history_in(Tx& tx);

/// Whether this program knows each of them as it was. Errors: conflict (made by a newer program; changed).
[[nodiscard]] Result<> check_known(const std::vector<AppliedMigration>& applied, std::span<const SqlBundle* const> bundles, Dialect dialect);

}  // namespace jx::db
