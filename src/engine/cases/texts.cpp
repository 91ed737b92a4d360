#include "texts.hpp"
#include "form_values.hpp"

#include <algorithm>

namespace jx::cases {
crypto::Digest digest_of(ByteView octets) {
  crypto::Digest digest{};
  if (octets.size() == digest.size()) std::ranges::copy(octets, digest.begin());
  return digest;
}

Result<> check_text(std::string_view text, std::size_t chars_max, std::string field, bool needed) {
  if (needed && text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return fail(ErrorCode::invalid, {"this must be filled in", "此项必填"}, std::move(field));
  if (characters(text) > chars_max || text.find('\0') != std::string_view::npos)
    return fail(ErrorCode::invalid, {"at most " + std::to_string(chars_max) + " characters", "最多 " + std::to_string(chars_max) + " 个字符"},
                std::move(field));
  return {};
}

}  // namespace jx::cases
