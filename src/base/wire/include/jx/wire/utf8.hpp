// utf8.hpp - is it UTF-8?
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace jx::wire {

/// The offset of the first octet that is not part of well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates,
/// nothing above U+10FFFF), or nothing.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// The longest beginning of at most `bytes_max` octets that cuts no character in two.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace jx::wire
