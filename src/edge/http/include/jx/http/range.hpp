// range.hpp - which part of an answer a client asks for (RFC 9110 section 14).
#pragma once
#include <cstdint>
#include <string_view>

namespace jx::http {

/// A part of a file: [first, first + size).
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};

enum class RangeKind { whole, part, unsatisfiable };
/// `Range: bytes=...` against a file of `size` octets. More than one range, or another unit, is answered with the whole file, as section 14.2 allows.
[[nodiscard]] RangeKind parse_range(std::string_view field, std::uint64_t size, ByteRange& range);

}  // namespace jx::http
