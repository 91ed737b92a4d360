#include <jx/http/address_range.hpp>

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace jx::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 section 2.5.5.2
constexpr unsigned mapped_bits = 96;

}  // namespace

bool AddressRange::read(std::string_view text, Octets& octets, bool& v4) {
  text = text.substr(0, text.find('%'));  // a link-local address may name its interface
  if (text.size() > 45) return false;
  const std::string terminated(text);
  std::ranges::copy(mapped, octets.begin());
  v4 = inet_pton(AF_INET, terminated.c_str(), octets.data() + mapped.size()) == 1;
  if (v4) return true;
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) != 1) return false;
  v4 = std::equal(mapped.begin(), mapped.end(), octets.begin());
  return true;
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorCode::invalid, {"this is no IP address and no CIDR block, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32",
                                     "应为 IP 地址或 CIDR 网段，如 192.0.2.1、10.0.0.0/8 或 2001:db8::/32"});
  };
  AddressRange range;
  const auto slash = text.find('/');
  if (text.find('%') != std::string_view::npos || !read(text.substr(0, slash), range.octets_, range.v4_)) return bad();
  if (slash == std::string_view::npos) return range;
  const bool dotted = text.find(':') == std::string_view::npos;
  const auto prefix = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
  if (prefix.empty() || error != std::errc() || end != prefix.data() + prefix.size() || bits > (dotted ? 32U : 128U)) return bad();
  range.bits_ = bits + (dotted ? mapped_bits : 0);
  range.v4_ = range.v4_ && range.bits_ >= mapped_bits;
  return range;
}

bool AddressRange::contains(std::string_view address) const {
  Octets octets{};
  bool v4 = false;
  if (!read(address, octets, v4) || v4 != v4_) return false;
  for (unsigned bit = 0; bit < bits_; bit += 8) {
    const auto mask = static_cast<std::uint8_t>(bits_ - bit >= 8 ? 0xff : 0xff << (8 - (bits_ - bit)));
    if (((octets[bit / 8] ^ octets_[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace jx::http
