// usage_rows.hpp - a row of the queries of uses, read; private to the module.
#pragma once
#include <jx/exchange.hpp>

namespace jx::exchange {

/// Errors: corrupt.
[[nodiscard]] Result<Usage> usage_of(const db::Row& row);

/// Whom a use was about is no longer known.
[[nodiscard]] Result<> forget_persons(db::Tx& tx, const UsageId& usage);

}  // namespace jx::exchange
