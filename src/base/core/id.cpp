#include <jx/core/id.hpp>

#include <algorithm>

namespace jx {

Uuid Uuid::make(const Clock& clock, Random& random) {
  Uuid uuid;
  random.fill(uuid.octets);
  const auto millis = static_cast<std::uint64_t>(clock.now().micros / 1000);
  for (std::size_t i = 0; i < 6; ++i) uuid.octets[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  uuid.octets[6] = static_cast<std::uint8_t>(0x70 | (uuid.octets[6] & 0x0f));
  uuid.octets[8] = static_cast<std::uint8_t>(0x80 | (uuid.octets[8] & 0x3f));
  return uuid;
}

std::string Uuid::text() const {
  std::string out = to_hex(octets);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
  return out;
}

Result<Uuid> Uuid::parse(std::string_view text) {
  const auto malformed = [] {
    return fail(ErrorCode::invalid, {"this is not an id of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "编号格式不正确"});
  };
  if (text.size() != 36) return malformed();
  std::string hex;
  hex.reserve(32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return malformed();
    if (!dash) hex.push_back(text[i]);
  }
  const auto octets = from_hex(hex);
  if (!octets) return malformed();
  return from_bytes(*octets);
}

Result<Uuid> Uuid::from_bytes(ByteView bytes) {
  Uuid uuid;
  if (bytes.size() != uuid.octets.size()) return fail(ErrorCode::invalid, {"an id has 16 octets", "编号应为16字节"});
  std::ranges::copy(bytes, uuid.octets.begin());
  return uuid;
}

Result<> check_key(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > key_bytes_max || !plain(text[0])) {
    return fail(ErrorCode::invalid, {"a key has 1 to " + std::to_string(key_bytes_max) + " characters and begins with a-z or 0-9",
                                     "键须为1至" + std::to_string(key_bytes_max) + "个字符，以小写字母或数字开头"});
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!plain(text[i]) && std::string_view("._-/").find(text[i]) == std::string_view::npos) {
      return fail(ErrorCode::invalid, {"character " + std::to_string(i + 1) + " of the key is none of a-z 0-9 . _ - /",
                                       "键的第" + std::to_string(i + 1) + "个字符不是 a-z 0-9 . _ - /"});
    }
  }
  return {};
}

}  // namespace jx
