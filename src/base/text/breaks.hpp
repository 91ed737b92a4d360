// breaks.hpp - where the graphemes of a text end; private to text.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace jx::text {

/// The octet behind each grapheme, in order.
[[nodiscard]] std::vector<std::size_t> grapheme_ends(std::string_view text);

}  // namespace jx::text
