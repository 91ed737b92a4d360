// check.hpp - asks a source whether it still has what is published from it.
#pragma once
#include <jx/catalogue/check.hpp>
#include <jx/exchange.hpp>

namespace jx::exchange {

/// Reads the shape of a source and holds the catalogue's resources against it; that it cannot be reached is a finding. Nothing is kept
/// (catalogue::save_check does that). Errors: those of the database.
[[nodiscard]] Result<catalogue::SourceCheck> check(db::Database& database, Sources& sources, const catalogue::Source& source, Instant deadline);

}  // namespace jx::exchange
