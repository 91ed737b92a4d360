// number_functions.cpp - logarithm, exponential and power in fixed point of 256 binary places, then rounded to 34 digits.
// Only the first guess of a logarithm is a double; what follows corrects it to 70 digits, so every CPU gives the same result.
#include "decimal.hpp"

#include <jx/rules/number.hpp>

#include <cmath>
#include <cstdlib>

namespace jx::rules {
namespace {

/// Not negative: 128 bits before the point, 256 after it, little-endian limbs.
struct Fixed {
  static constexpr std::size_t size = 6, places = 4;
  std::array<std::uint64_t, size> limbs{};

  static Fixed integer(u128 value) {
    Fixed f;
    f.limbs[4] = static_cast<std::uint64_t>(value);
    f.limbs[5] = static_cast<std::uint64_t>(value >> 64);
    return f;
  }
  [[nodiscard]] u128 whole() const { return (static_cast<u128>(limbs[5]) << 64) | limbs[4]; }
  [[nodiscard]] bool is_zero() const {
    for (const auto limb : limbs)
      if (limb != 0) return false;
    return true;
  }
  void divide(std::uint64_t divisor) {
    u128 rest = 0;
    for (std::size_t i = size; i-- > 0;) {
      rest = (rest << 64) | limbs[i];
      limbs[i] = static_cast<std::uint64_t>(rest / divisor);
      rest %= divisor;
    }
  }
  /// False if the product needs more than 128 bits before the point.
  bool multiply(std::uint64_t factor) {
    u128 carry = 0;
    for (auto& limb : limbs) {
      carry += static_cast<u128>(limb) * factor;
      limb = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return carry == 0;
  }
  friend bool operator<(const Fixed& a, const Fixed& b) {
    for (std::size_t i = size; i-- > 0;)
      if (a.limbs[i] != b.limbs[i]) return a.limbs[i] < b.limbs[i];
    return false;
  }
  friend Fixed operator+(Fixed a, const Fixed& b) {
    u128 carry = 0;
    for (std::size_t i = 0; i < size; ++i) {
      carry += static_cast<u128>(a.limbs[i]) + b.limbs[i];
      a.limbs[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return a;
  }
  friend Fixed operator-(Fixed a, const Fixed& b) {  // a >= b
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const u128 take = static_cast<u128>(b.limbs[i]) + borrow;
      borrow = a.limbs[i] < take ? 1 : 0;
      a.limbs[i] = static_cast<std::uint64_t>(a.limbs[i] - take);
    }
    return a;
  }
};

/// Truncated; nullopt beyond 128 bits before the point.
std::optional<Fixed> product(const Fixed& a, const Fixed& b) {
  std::array<std::uint64_t, 2 * Fixed::size> wide{};
  for (std::size_t i = 0; i < Fixed::size; ++i) {
    u128 carry = 0;
    if (a.limbs[i] == 0) continue;
    for (std::size_t j = 0; j < Fixed::size; ++j) {
      carry += static_cast<u128>(a.limbs[i]) * b.limbs[j] + wide[i + j];
      wide[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    wide[i + Fixed::size] = static_cast<std::uint64_t>(carry);
  }
  if (wide[10] != 0 || wide[11] != 0) return std::nullopt;
  Fixed result;
  for (std::size_t i = 0; i < Fixed::size; ++i) result.limbs[i] = wide[i + Fixed::places];
  return result;
}

constexpr Fixed ln_10{
    {0x0f187a0807c0b5caULL, 0x8a3fb3e76977e43aULL, 0xa95b58ae0b4c28a3ULL, 0x4d763776aaa2b05bULL, 0x0000000000000002ULL, 0x0000000000000000ULL}};

std::optional<Fixed> fixed(const Number& magnitude) {
  Fixed f = Fixed::integer(magnitude.coefficient());
  int exponent = magnitude.exponent();
  for (; exponent > 0; --exponent)
    if (!f.multiply(10)) return std::nullopt;
  for (; exponent < 0 && !f.is_zero(); exponent += 19) f.divide(static_cast<std::uint64_t>(pow10(std::min(19, -exponent))));
  return f;
}

std::optional<Number> rounded(bool negative, Fixed f, int exponent) {
  if (f.is_zero()) return Number();
  while (f.whole() < pow10(35)) {
    f.multiply(10);
    --exponent;
  }
  bool lost = false;
  for (std::size_t i = 0; i < Fixed::places; ++i) lost |= f.limbs[i] != 0;
  return Number::from_parts(negative, jam(f.whole(), lost), exponent);
}

/// e to the f, for f < 4.
Fixed exp_small(Fixed f) {
  f.divide(256);
  Fixed sum = Fixed::integer(1), term = sum;
  for (std::uint64_t n = 1; !term.is_zero(); ++n) {
    term = *product(term, f);
    term.divide(n);
    sum = sum + term;
  }
  for (int i = 0; i < 8; ++i) sum = *product(sum, sum);
  return sum;
}

std::optional<Number> exp_fixed(bool negative, const Fixed& magnitude) {
  if (magnitude.whole() > 14'300) return negative ? std::optional(Number()) : std::nullopt;
  // e^x = 10^k * e^r with 0 <= r < ln 10
  auto k = static_cast<int>(static_cast<double>(static_cast<std::uint64_t>(magnitude.whole())) / 2.302585092994046);
  const auto multiple = [](int n) {
    Fixed f = ln_10;
    f.multiply(static_cast<std::uint64_t>(n));
    return f;
  };
  while (k > 0 && magnitude < multiple(k)) --k;
  while (!(magnitude < multiple(k + 1))) ++k;
  if (!negative) return rounded(false, exp_small(magnitude - multiple(k)), k);
  return rounded(false, exp_small(multiple(k + 1) - magnitude), -(k + 1));
}

struct SignedFixed {
  bool negative;
  Fixed magnitude;
};

/// Natural logarithm of a positive number.
SignedFixed log_fixed(const Number& a) {
  const int digits = digit_count(a.coefficient());
  Fixed m = Fixed::integer(a.coefficient());  // 1 <= m < 10
  for (int left = digits - 1; left > 0; left -= 19) m.divide(static_cast<std::uint64_t>(pow10(std::min(19, left))));
  const int power = a.exponent() + digits - 1;
  // m = e^guess * (1 + d) with a small positive d
  const double mantissa = static_cast<double>(m.limbs[4]) + static_cast<double>(m.limbs[3]) * 0x1p-64;
  const double guess = std::max(0.0, std::log(mantissa) - 1e-14);
  Fixed y;
  y.limbs[4] = static_cast<std::uint64_t>(guess);
  y.limbs[3] = static_cast<std::uint64_t>((guess - std::floor(guess)) * 0x1p64);
  Fixed p = *product(m, exp_small(ln_10 - y));
  p.divide(10);
  const Fixed one = Fixed::integer(1);
  const Fixed d = p < one ? Fixed{} : p - one;
  Fixed plus, minus, term = d;
  for (std::uint64_t n = 1; n < 12; ++n) {
    Fixed part = term;
    part.divide(n);
    (n % 2 == 1 ? plus : minus) = (n % 2 == 1 ? plus : minus) + part;
    term = *product(term, d);
  }
  const Fixed ln_m = y + (plus - minus);
  Fixed tens = ln_10;
  tens.multiply(static_cast<std::uint64_t>(std::abs(power)));
  if (power >= 0) return {false, tens + ln_m};
  return tens < ln_m ? SignedFixed{false, ln_m - tens} : SignedFixed{true, tens - ln_m};
}

/// base^n while every product but the last is exact; nullopt where one is not.
std::optional<std::optional<Number>> exact_power(const Number& base, std::uint64_t n) {
  constexpr u128 exact_max = pow10(17);
  Number square = base, result = 1;
  for (;; n >>= 1) {
    if ((n & 1) != 0) {
      if (n == 1) return multiply(result, square);  // rounded once
      if (result.coefficient() >= exact_max || square.coefficient() >= exact_max) return std::nullopt;
      const auto next = multiply(result, square);
      if (!next) return std::optional<Number>();
      result = *next;
    }
    if (n <= 1) return std::optional(result);
    if (square.coefficient() >= exact_max) return std::nullopt;
    const auto next = multiply(square, square);
    if (!next) return std::optional<Number>();
    square = *next;
  }
}

}  // namespace

std::optional<Number> exponential(const Number& a) {
  if (a.is_zero()) return Number(1);
  const auto magnitude = fixed(a.abs());
  if (!magnitude) return a.is_negative() ? std::optional(Number()) : std::nullopt;
  return exp_fixed(a.is_negative(), *magnitude);
}

std::optional<Number> logarithm(const Number& a) {
  if (a.is_zero() || a.is_negative()) return std::nullopt;
  const auto [negative, magnitude] = log_fixed(a);
  return rounded(negative, magnitude, 0);
}

std::optional<Number> power(const Number& base, const Number& exponent) {
  if (exponent.is_zero()) return Number(1);
  if (base.is_zero()) return exponent.is_negative() ? std::nullopt : std::optional(Number());
  bool negative = false;
  if (base.is_negative()) {
    if (!exponent.is_integer()) return std::nullopt;
    const auto odd = modulo(exponent, 2);
    negative = odd && !odd->is_zero();
  }
  if (const auto n = exponent.abs().to_int(); n && *n <= 1'000'000) {
    if (const auto exact = exact_power(base, static_cast<std::uint64_t>(*n))) {
      if (!exponent.is_negative()) return *exact;
      if (*exact && (*exact)->coefficient() < pow10(Number::digits_max - 1)) return divide(1, **exact);
    }
  }
  const auto [log_negative, log] = log_fixed(base.abs());
  const auto times = fixed(exponent.abs());
  const auto scaled = times ? product(log, *times) : std::nullopt;
  const bool shrinks = log_negative != exponent.is_negative();
  if (log.is_zero()) return Number(negative ? -1 : 1);
  if (!scaled) return shrinks ? std::optional(Number()) : std::nullopt;
  const auto result = exp_fixed(shrinks, *scaled);
  return result && negative ? std::optional(-*result) : result;
}

}  // namespace jx::rules
