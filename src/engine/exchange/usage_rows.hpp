// usage_rows.hpp - a row of the queries of uses, read; private to the module.
#pragma once
#include <jx/exchange.hpp>

namespace jx::exchange {

/// Errors: corrupt.
[[nodiscard]] Result<Usage> usage_of(const db::Row& row);

/// Whom a use was about is no longer known.
[[nodiscard]] Result<> forget_persons(db::Tx& tx, const UsageId& usage);

/// The first id that a use of [from, until) may have, and one beyond the last. An id is made a little before its use is recorded, that of a delivery
/// when it is ordered: who asks for a period asks for the time of the uses, too.
[[nodiscard]] Result<std::pair<UsageId, UsageId>> ids_between(db::Tx& tx, Instant from, Instant until);

}  // namespace jx::exchange
