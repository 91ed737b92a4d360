// values.hpp - what a value must be so that both databases keep it alike.
#pragma once
#include <jx/db.hpp>

namespace jx::db {

/// UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF) without U+0000, which PostgreSQL cannot hold.
[[nodiscard]] bool storable(std::string_view text);

/// Errors: too_large beyond value_bytes_max; invalid for text that is not storable and for a real number that is not finite.
[[nodiscard]] Result<> check_params(const Query& query, std::span<const Param> params);

}  // namespace jx::db
