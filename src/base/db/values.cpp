#include "values.hpp"

#include <cmath>
#include <cstring>

namespace jx::db {
namespace {

/// The length of the well-formed sequence at `p`, or 0.
std::size_t sequence(const unsigned char* p, std::size_t left) {
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) { return i < left && p[i] >= low && p[i] <= high; };
  const unsigned first = p[0];
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4) {
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool storable(std::string_view text) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());  // NOLINT(*-reinterpret-cast)
  std::size_t left = text.size();
  while (left > 0) {
    // Eight octets at a time while all are ASCII and none is zero.
    std::uint64_t word = 0;
    while (left >= 8 && (std::memcpy(&word, p, 8), ((word | (word - 0x0101010101010101U)) & 0x8080808080808080U) == 0)) {
      p += 8;
      left -= 8;
    }
    if (left == 0) break;
    const std::size_t length = sequence(p, left);
    if (length == 0) return false;
    p += length;
    left -= length;
  }
  return true;
}

Result<> check_params(const Query& query, std::span<const Param> params) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto wrong = [&](ErrorCode code, Words what) {
      return fail_because({ErrorCode::internal, "parameter " + std::to_string(i + 1) + " of " + std::string(query.name), {}, nullptr}, code,
                          std::move(what));
    };
    const auto value = params[i].value();
    const auto* text = std::get_if<std::string_view>(&value);
    const auto* bytes = std::get_if<ByteView>(&value);
    const auto* real = std::get_if<double>(&value);
    const std::size_t size = text != nullptr ? text->size() : bytes != nullptr ? bytes->size() : 0;
    if (size > value_bytes_max) return wrong(ErrorCode::too_large, {"a value is larger than 64 MiB", "数值超过64 MiB"});
    if (text != nullptr && !storable(*text))
      return wrong(ErrorCode::invalid, {"a text must be UTF-8 without U+0000", "文本须为 UTF-8 编码且不含 U+0000"});
    if (real != nullptr && !std::isfinite(*real)) return wrong(ErrorCode::invalid, {"a number must be finite", "数字必须是有限值"});
  }
  return {};
}

}  // namespace jx::db
