// subjects.hpp - the index of subjects, by which the entries about something are found: filled behind the commit, and checked.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <string>
#include <vector>

namespace jx::ledger {

/// Takes over into the index what acts left for it, until nothing waits that was there at the beginning. Several programs may do it at the same time.
[[nodiscard]] Result<> index_subjects(db::Database& database, Instant deadline);

/// The entries whose subjects the index does not have as their bodies say, by id; `#<number>`: it names an entry that there is not.
[[nodiscard]] Result<std::vector<std::string>> wrongly_indexed(db::Tx& tx);

}  // namespace jx::ledger
