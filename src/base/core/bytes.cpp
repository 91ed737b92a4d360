#include <jx/core/bytes.hpp>

#include <array>

namespace jx {
namespace {

constexpr std::string_view standard_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> reverse(std::string_view alphabet) {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}

constexpr auto standard_values = reverse(standard_alphabet);
constexpr auto url_values = reverse(url_alphabet);

std::string encode(ByteView bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16) | (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    out.push_back(alphabet[group >> 18]);
    out.push_back(alphabet[(group >> 12) & 63]);
    if (left > 1) out.push_back(alphabet[(group >> 6) & 63]);
    if (left > 2) out.push_back(alphabet[group & 63]);
    if (pad) out.append(left > 2 ? 0 : 3 - left, '=');
  }
  return out;
}

std::unexpected<Error> bad_character(std::string_view what, std::size_t index) {
  return fail(ErrorCode::invalid, {"character " + std::to_string(index + 1) + " is not " + std::string(what),
                                   "第" + std::to_string(index + 1) + "个字符不合规（" + std::string(what) + "）"});
}

/// Decodes four characters at a time, as far as all of them are of the alphabet; photographs come in this way. Answers how many characters that were.
std::size_t whole_groups(std::string_view text, const std::array<std::int8_t, 256>& values, std::uint8_t* out) {
  const auto value = [&](std::size_t i) { return std::int32_t{values[static_cast<std::uint8_t>(text[i])]}; };
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::int32_t a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
    if ((a | b | c | d) < 0) break;
    *out++ = static_cast<std::uint8_t>(a << 2 | b >> 4);
    *out++ = static_cast<std::uint8_t>(b << 4 | c >> 2);
    *out++ = static_cast<std::uint8_t>(c << 6 | d);
  }
  return i;
}

Result<Bytes> decode(std::string_view text, const std::array<std::int8_t, 256>& values, bool padded) {
  if (padded) {
    if (text.size() % 4 != 0) return fail(ErrorCode::invalid, {"the length of base64 text must be a multiple of 4", "base64 文本长度须为4的倍数"});
    if (text.ends_with("=="))
      text.remove_suffix(2);
    else if (text.ends_with('='))
      text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return fail(ErrorCode::invalid, {"base64 text ends in the middle of a byte", "base64 文本不完整"});
  Bytes out(text.size() * 3 / 4);
  const std::size_t whole = whole_groups(text, values, out.data());
  out.resize(whole / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = whole; i < text.size(); ++i) {  // the last characters, or the first that is none of the alphabet
    const int value = values[static_cast<std::uint8_t>(text[i])];
    if (value < 0) return bad_character("base64", i);
    group = (group << 6) | static_cast<std::uint32_t>(value);
    if (i % 4 == 1) out.push_back(static_cast<std::uint8_t>(group >> 4));
    if (i % 4 == 2) out.push_back(static_cast<std::uint8_t>(group >> 2));
    if (i % 4 == 3) out.push_back(static_cast<std::uint8_t>(group));
  }
  const std::uint32_t unused = text.size() % 4 == 2 ? group & 15 : text.size() % 4 == 3 ? group & 3 : 0;
  if (unused != 0) return bad_character("canonical base64", text.size() - 1);
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return fail(ErrorCode::invalid, {"hexadecimal text must have an even number of digits", "十六进制文本位数须为偶数"});
  Bytes out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]);
    const int low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) return bad_character("a hexadecimal digit", high < 0 ? i : i + 1);
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

std::string to_base64(ByteView bytes) { return encode(bytes, standard_alphabet, true); }
std::string to_base64url(ByteView bytes) { return encode(bytes, url_alphabet, false); }
Result<Bytes> from_base64(std::string_view text) { return decode(text, standard_values, true); }
Result<Bytes> from_base64url(std::string_view text) { return decode(text, url_values, false); }

}  // namespace jx
