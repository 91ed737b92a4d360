// row_hash.hpp - vouching for a row that is at hand as its columns, and was not read.
#pragma once
#include <jx/ledger/state.hpp>

namespace jx::ledger {

/// The hash of a row that is at hand: all columns of the table's query, in its order, as that query would answer them.
[[nodiscard]] StateHash state_from(const StateTable& table, std::span<const db::Param> row);

}  // namespace jx::ledger
