// decimal.hpp - powers of ten and wide integers, for the arithmetic of Number.
#pragma once
#include <array>
#include <bit>
#include <cstdint>

namespace jx::rules {

using u128 = unsigned __int128;

inline constexpr auto powers_of_ten = [] {
  std::array<u128, 39> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}();
inline constexpr u128 pow10(int n) { return powers_of_ten[static_cast<std::size_t>(n)]; }

inline int bit_length(u128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high ? 128 - std::countl_zero(high) : 64 - std::countl_zero(static_cast<std::uint64_t>(value));
}

/// Decimal digits of `value`; 0 for 0.
inline int digit_count(u128 value) {
  if (value == 0) return 0;
  const int estimate = bit_length(value) * 1233 >> 12;  // floor(bits * log10 2)
  return value >= pow10(estimate) ? estimate + 1 : estimate;
}

struct u256 {
  std::array<std::uint64_t, 4> limbs{};  // little-endian

  [[nodiscard]] u128 low() const { return (static_cast<u128>(limbs[1]) << 64) | limbs[0]; }
  /// Divides by `divisor`; the remainder is returned.
  std::uint64_t divide(std::uint64_t divisor) {
    u128 rest = 0;
    for (int i = 3; i >= 0; --i) {
      rest = (rest << 64) | limbs[static_cast<std::size_t>(i)];
      limbs[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(rest / divisor);
      rest %= divisor;
    }
    return static_cast<std::uint64_t>(rest);
  }
  /// Drops `digits` decimal digits; true if one of them was not 0.
  bool drop(int digits) {
    bool lost = false;
    for (; digits > 0; digits -= 19) lost |= divide(static_cast<std::uint64_t>(pow10(digits > 19 ? 19 : digits))) != 0;
    return lost;
  }
  friend bool operator==(const u256&, const u256&) = default;
  friend bool operator<(const u256& a, const u256& b) {
    for (std::size_t i = 4; i-- > 0;)
      if (a.limbs[i] != b.limbs[i]) return a.limbs[i] < b.limbs[i];
    return false;
  }
};

inline u256 wide_product(u128 a, u128 b) {
  const auto a0 = static_cast<std::uint64_t>(a), a1 = static_cast<std::uint64_t>(a >> 64);
  const auto b0 = static_cast<std::uint64_t>(b), b1 = static_cast<std::uint64_t>(b >> 64);
  const u128 p00 = static_cast<u128>(a0) * b0, p01 = static_cast<u128>(a0) * b1, p10 = static_cast<u128>(a1) * b0, p11 = static_cast<u128>(a1) * b1;
  const u128 middle = (p00 >> 64) + static_cast<std::uint64_t>(p01) + static_cast<std::uint64_t>(p10);
  const u128 top = p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64);
  return {
      {static_cast<std::uint64_t>(p00), static_cast<std::uint64_t>(middle), static_cast<std::uint64_t>(top), static_cast<std::uint64_t>(top >> 64)}};
}

/// A truncated coefficient that lost something must not look like an exact tie or an exact value.
inline u128 jam(u128 coefficient, bool lost) { return lost && coefficient % 5 == 0 ? coefficient + 1 : coefficient; }

}  // namespace jx::rules
