// masks.hpp - what a mask of a grant means; private to the module.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>
#include <jx/rules.hpp>

#include <string_view>

namespace jx::exchange {

/// FEEL over `value`, as it is written or by a name: `partial` (the ends of a text), `generalise` (a date's year, the ten that a number lies in, an
/// address down to its town), `drop` (nothing). Errors: invalid.
[[nodiscard]] Result<rules::Expression> mask_of(const catalogue::Field& field, std::string_view mask);

}  // namespace jx::exchange
