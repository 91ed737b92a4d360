// number.hpp - the numbers of FEEL: decimals of 34 significant digits, half-even, IEEE 754-2008 decimal128 without NaN and infinity.
#pragma once
#include <jx/core/result.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jx::rules {

/// Integer arithmetic only, so every CPU gives the same digits. 16 octets: sign, 14 bits of exponent, 113 bits of coefficient.
/// Equality and order are by value: 1.0 == 1.00. Operations return nullopt where the result is no number
/// (division by zero) or its exponent is beyond 6144; a result too near to zero becomes 0.
class Number {
 public:
  static constexpr int digits_max = 34;

  constexpr Number() = default;                                              // 0
  constexpr Number(int value) : Number(static_cast<std::int64_t>(value)) {}  // NOLINT(*-explicit-*)
  constexpr Number(std::int64_t value)                                       // NOLINT(*-explicit-*)
      : lo_(value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value)),
        hi_(exponent_zero | (value < 0 ? sign_bit : 0)) {}
  constexpr Number(std::size_t value) : lo_(value) {}  // NOLINT(*-explicit-*)

  /// `-12.5`, `.5`, `1e-3`, `1.2E+5`; digits beyond the 34th are rounded half-even. Errors: invalid (no such form; out of range; over 10,000
  /// characters).
  [[nodiscard]] static Result<Number> parse(std::string_view text);
  /// The shortest decimal that reads back as `value`; nullopt for NaN and infinity.
  [[nodiscard]] static std::optional<Number> from_double(double value);
  /// Coefficient times ten to the exponent, rounded. `coefficient` is at most 38 digits.
  [[nodiscard]] static std::optional<Number> from_parts(bool negative, unsigned __int128 coefficient, int exponent);

  /// Plain digits without exponent and without trailing zeros of the fraction, as FEEL's string().
  [[nodiscard]] std::string text() const;
  [[nodiscard]] double to_double() const;
  /// The value as int64 if it is an integer in range.
  [[nodiscard]] std::optional<std::int64_t> to_int() const;

  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] bool is_zero() const { return lo_ == 0 && coefficient_high() == 0; }
  [[nodiscard]] bool is_negative() const { return (hi_ & sign_bit) != 0 && !is_zero(); }
  [[nodiscard]] std::size_t hash() const;

  [[nodiscard]] Number operator-() const { return Number(lo_, hi_ ^ sign_bit); }
  [[nodiscard]] Number abs() const { return Number(lo_, hi_ & ~sign_bit); }

  friend std::optional<Number> add(const Number& a, const Number& b);
  friend std::optional<Number> subtract(const Number& a, const Number& b) { return add(a, -b); }
  friend std::optional<Number> multiply(const Number& a, const Number& b);
  friend std::optional<Number> divide(const Number& a, const Number& b);

  friend bool operator==(const Number& a, const Number& b) {
    if (a.lo_ == b.lo_ && a.hi_ == b.hi_) return true;
    return compare(a, b) == 0;
  }
  friend std::strong_ordering operator<=>(const Number& a, const Number& b) { return compare(a, b) <=> 0; }

  [[nodiscard]] bool negative_sign() const { return (hi_ & sign_bit) != 0; }
  [[nodiscard]] int exponent() const { return static_cast<int>((hi_ >> 49) & 0x3fff) - bias; }
  [[nodiscard]] unsigned __int128 coefficient() const { return (static_cast<unsigned __int128>(coefficient_high()) << 64) | lo_; }

 private:
  static constexpr int bias = 6176;
  static constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
  static constexpr std::uint64_t exponent_zero = static_cast<std::uint64_t>(bias) << 49;
  static constexpr std::uint64_t coefficient_mask = (std::uint64_t{1} << 49) - 1;

  constexpr Number(std::uint64_t lo, std::uint64_t hi) : lo_(lo), hi_(hi) {}
  [[nodiscard]] std::uint64_t coefficient_high() const { return hi_ & coefficient_mask; }
  // Both integers below 2^64 with exponent 0 and no sign: the usual case, decided without a call.
  static int compare(const Number& a, const Number& b) {
    if (a.hi_ == exponent_zero && b.hi_ == exponent_zero) return a.lo_ < b.lo_ ? -1 : a.lo_ > b.lo_ ? 1 : 0;
    return compare_any(a, b);
  }
  static int compare_any(const Number& a, const Number& b);
  static Number pack(bool negative, unsigned __int128 coefficient, int exponent);

  std::uint64_t lo_ = 0;
  std::uint64_t hi_ = exponent_zero;
};

std::optional<Number> add(const Number& a, const Number& b);
std::optional<Number> multiply(const Number& a, const Number& b);
std::optional<Number> divide(const Number& a, const Number& b);

/// a - b * floor(a / b), DMN 1.5 table 75, rounded once. nullopt if b is 0.
[[nodiscard]] std::optional<Number> modulo(const Number& a, const Number& b);
/// nullopt for 0 ** negative, a negative base with a fractional exponent, overflow.
[[nodiscard]] std::optional<Number> power(const Number& base, const Number& exponent);
[[nodiscard]] std::optional<Number> square_root(const Number& a);  // correctly rounded; nullopt below 0
[[nodiscard]] std::optional<Number> logarithm(const Number& a);    // natural; nullopt at and below 0
[[nodiscard]] std::optional<Number> exponential(const Number& a);

enum class Rounding { floor, ceiling, up, down, half_up, half_down, half_even };
/// Rounds to `scale` digits after the point; a negative scale rounds before it. nullopt unless -6111 <= scale <= 6176.
[[nodiscard]] std::optional<Number> round(const Number& a, int scale, Rounding mode);

}  // namespace jx::rules
