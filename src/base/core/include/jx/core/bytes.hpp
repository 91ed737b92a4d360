// bytes.hpp - octets and their text forms.
#pragma once
#include <jx/core/result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};  // NOLINT(*-reinterpret-cast)
}
[[nodiscard]] inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT(*-reinterpret-cast)
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Errors: invalid (odd length, or a character that is not a hexadecimal digit; says which).
[[nodiscard]] Result<Bytes> from_hex(std::string_view hex);

/// Base64 of RFC 4648 section 4, padded; `to_base64url` is section 5 without padding.
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] std::string to_base64url(ByteView bytes);
/// Strict: canonical padding and zero trailing bits are required. Errors: invalid (says which character).
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

}  // namespace jx
