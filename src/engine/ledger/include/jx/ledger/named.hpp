// named.hpp - entries that a row of their module names.
#pragma once
#include <jx/ledger.hpp>

namespace jx::ledger {

/// append() for an act that leaves a row with the entry's id, found by each of its subjects: about() does not find the entry, and no index of it is
/// kept twice. For what is done thousands of times a second.
[[nodiscard]] Result<EntryId> append_named(db::Tx& tx, const Context& ctx, const Entry& entry);

}  // namespace jx::ledger
