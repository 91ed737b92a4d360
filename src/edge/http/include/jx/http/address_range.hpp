// address_range.hpp - which addresses a network has: of the proxies whose word is believed.
#pragma once
#include <jx/core.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace jx::http {

/// An IPv4 or IPv6 address, or a CIDR block of them (RFC 4632, RFC 4291 section 2.3).
class AddressRange {
 public:
  /// `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. The bits behind the prefix do not matter. Errors: invalid.
  [[nodiscard]] static Result<AddressRange> parse(std::string_view text);

  /// Whether the range has this address. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 one. False for what is no address.
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  using Octets = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  static bool read(std::string_view text, Octets& octets, bool& v4);

  Octets octets_{};
  unsigned bits_ = 128;  // of the prefix, counted in 128
  bool v4_ = false;
};

}  // namespace jx::http
