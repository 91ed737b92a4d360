// sheets.hpp - a source's tables read whole, for its examination.
#pragma once
#include <jx/catalogue/examine.hpp>
#include <jx/exchange.hpp>

namespace jx::exchange {

/// All tables of a source as text, until examined_bytes_max is full. Errors: those of the source.
[[nodiscard]] Result<std::vector<catalogue::Sheet>> read_sheets(Sources& sources, const catalogue::Source& source, Instant deadline);

}  // namespace jx::exchange
