// number.cpp - exact decimal arithmetic, rounded once, half-even, to 34 digits. Every result goes through from_parts.
#include "decimal.hpp"

#include <jx/rules/number.hpp>

#include <charconv>
#include <cmath>

namespace jx::rules {
namespace {

constexpr int exponent_max = 6111, exponent_min = -6176;
constexpr u128 coefficient_limit = pow10(Number::digits_max);

u128 divide_half_even(u128 value, int digits) {
  if (digits > 38) return 0;
  const u128 unit = pow10(digits), quotient = value / unit, rest = value % unit, half = unit / 2;
  return rest > half || (rest == half && (quotient & 1) != 0) ? quotient + 1 : quotient;
}

}  // namespace

Number Number::pack(bool negative, u128 coefficient, int exponent) {
  return Number(static_cast<std::uint64_t>(coefficient),
                static_cast<std::uint64_t>(coefficient >> 64) | (static_cast<std::uint64_t>(exponent + bias) << 49) | (negative ? sign_bit : 0));
}

std::optional<Number> Number::from_parts(bool negative, u128 coefficient, int exponent) {
  if (coefficient == 0) return Number();
  int drop = digit_count(coefficient) - digits_max;
  if (exponent + (drop > 0 ? drop : 0) < exponent_min) drop = exponent_min - exponent;
  if (drop > 0) {
    coefficient = divide_half_even(coefficient, drop);
    exponent += drop;
    if (coefficient >= coefficient_limit) {
      coefficient /= 10;
      ++exponent;
    }
    if (coefficient == 0) return Number();
  }
  for (; exponent > exponent_max && coefficient < coefficient_limit / 10; --exponent) coefficient *= 10;
  if (exponent > exponent_max) return std::nullopt;
  return pack(negative, coefficient, exponent);
}

int Number::compare_any(const Number& a, const Number& b) {
  const u128 ca = a.coefficient(), cb = b.coefficient();
  if (ca == 0 || cb == 0) return ca == 0 ? (cb == 0 ? 0 : b.negative_sign() ? 1 : -1) : a.negative_sign() ? -1 : 1;
  if (a.negative_sign() != b.negative_sign()) return a.negative_sign() ? -1 : 1;
  const int sign = a.negative_sign() ? -1 : 1;
  const int ea = a.exponent(), eb = b.exponent();
  if (ea == eb) return ca < cb ? -sign : ca > cb ? sign : 0;
  const int top_a = digit_count(ca) + ea, top_b = digit_count(cb) + eb;
  if (top_a != top_b) return top_a < top_b ? -sign : sign;
  const u128 sa = ea > eb ? ca * pow10(ea - eb) : ca, sb = eb > ea ? cb * pow10(eb - ea) : cb;
  return sa < sb ? -sign : sa > sb ? sign : 0;
}

std::optional<Number> add(const Number& a, const Number& b) {
  const Number *high = &a, *low = &b;
  if (high->exponent() < low->exponent()) std::swap(high, low);
  u128 ch = high->coefficient(), cl = low->coefficient();
  if (ch == 0) return *low;
  if (cl == 0) return *high;
  int exponent = low->exponent();
  int shift = high->exponent() - exponent;
  bool lost = false;
  if (shift > 0) {
    const int room = 38 - digit_count(ch);
    if (shift > room) {  // the low operand lies mostly below 38 digits of the high one
      const int drop = shift - room;
      ch *= pow10(room);
      if (drop >= 38) {
        cl = 0;
        lost = true;
      } else {
        lost = cl % pow10(drop) != 0;
        cl /= pow10(drop);
      }
      exponent += drop;
    } else {
      ch *= pow10(shift);
    }
  }
  bool negative = high->negative_sign();
  u128 sum = 0;
  if (negative == low->negative_sign()) {
    sum = ch + cl;
  } else if (ch >= cl) {
    sum = ch - cl - (lost ? 1 : 0);  // ch > cl wherever something is lost
  } else {
    sum = cl - ch;
    negative = !negative;
  }
  if (sum >= pow10(38)) {  // from_parts takes at most 38 digits
    lost |= sum % 10 != 0;
    sum /= 10;
    ++exponent;
  }
  return Number::from_parts(negative, jam(sum, lost), exponent);
}

std::optional<Number> multiply(const Number& a, const Number& b) {
  const u128 ca = a.coefficient(), cb = b.coefficient();
  const bool negative = a.negative_sign() != b.negative_sign();
  const int exponent = a.exponent() + b.exponent();
  if ((ca >> 62) == 0 && (cb >> 62) == 0) return Number::from_parts(negative, ca * cb, exponent);
  u256 product = wide_product(ca, cb);
  const int drop = std::max(0, digit_count(ca) + digit_count(cb) - 37);
  const bool lost = product.drop(drop);
  return Number::from_parts(negative, jam(product.low(), lost), exponent + drop);
}

std::optional<Number> divide(const Number& a, const Number& b) {
  u128 rest = a.coefficient();
  const u128 divisor = b.coefficient();
  if (divisor == 0) return std::nullopt;
  if (rest == 0) return Number();
  const bool negative = a.negative_sign() != b.negative_sign();
  int exponent = a.exponent() - b.exponent();
  u128 quotient = rest / divisor;
  rest %= divisor;
  // Long division, as many decimal digits at a time as fit beside the divisor.
  const int step_max = 38 - digit_count(divisor);
  for (int have = digit_count(quotient); rest != 0 && have < 36; have = digit_count(quotient)) {
    const int step = std::min(step_max, have == 0 ? step_max : 37 - have);
    rest *= pow10(step);
    quotient = quotient * pow10(step) + rest / divisor;
    rest %= divisor;
    exponent -= step;
  }
  return Number::from_parts(negative, jam(quotient, rest != 0), exponent);
}

std::optional<Number> modulo(const Number& a, const Number& b) {
  const u128 cb = b.coefficient();
  if (cb == 0) return std::nullopt;
  const int ea = a.exponent(), eb = b.exponent();
  u128 rest = a.coefficient();
  int exponent = ea;
  if (ea >= eb) {
    rest %= cb;
    const int step_max = 38 - digit_count(cb);
    for (int left = ea - eb; left > 0 && rest != 0; left -= step_max) rest = rest * pow10(std::min(left, step_max)) % cb;
    exponent = eb;
  } else if (eb - ea + digit_count(cb) <= 38) {
    rest %= cb * pow10(eb - ea);
  }
  const auto same_sign = Number::from_parts(a.negative_sign(), rest, exponent);
  if (!same_sign || same_sign->is_zero() || a.negative_sign() == b.negative_sign()) return same_sign;
  return add(*same_sign, b);
}

std::optional<Number> square_root(const Number& a) {
  if (a.is_zero()) return Number();
  if (a.negative_sign()) return std::nullopt;
  // 36 or more digits of the root of coefficient * 10^shift, with an even exponent left.
  const u128 coefficient = a.coefficient();
  int shift = 71 - digit_count(coefficient);
  if (((a.exponent() - shift) & 1) != 0) ++shift;
  const int first = std::min(shift, 38);
  u256 target = wide_product(coefficient, pow10(first));
  for (int left = shift - first; left > 0;) {
    const int step = std::min(left, 18);
    u128 carry = 0;
    for (auto& limb : target.limbs) {
      carry += static_cast<u128>(limb) * static_cast<std::uint64_t>(pow10(step));
      limb = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    left -= step;
  }
  u128 root = 0;
  for (int bit = 119; bit >= 0; --bit) {
    const u128 trial = root | (static_cast<u128>(1) << bit);
    if (!(target < wide_product(trial, trial))) root = trial;
  }
  return Number::from_parts(false, jam(root, !(wide_product(root, root) == target)), (a.exponent() - shift) / 2);
}

std::optional<Number> round(const Number& a, int scale, Rounding mode) {
  if (scale < -exponent_max || scale > -exponent_min) return std::nullopt;
  const int drop = -scale - a.exponent();
  const u128 coefficient = a.coefficient();
  if (drop <= 0 || coefficient == 0) return a;
  const bool negative = a.negative_sign();
  u128 quotient = 0, rest = coefficient, half = ~static_cast<u128>(0);
  if (drop <= 38) {
    quotient = coefficient / pow10(drop);
    rest = coefficient % pow10(drop);
    half = pow10(drop) / 2;
  }
  if (rest != 0) {
    bool away = false;
    switch (mode) {
      case Rounding::floor: away = negative; break;
      case Rounding::ceiling: away = !negative; break;
      case Rounding::up: away = true; break;
      case Rounding::down: away = false; break;
      case Rounding::half_up: away = rest >= half; break;
      case Rounding::half_down: away = rest > half; break;
      case Rounding::half_even: away = rest > half || (rest == half && (quotient & 1) != 0); break;
    }
    if (away) ++quotient;
  }
  return Number::from_parts(negative, quotient, -scale);
}

bool Number::is_integer() const {
  const u128 c = coefficient();
  const int e = exponent();
  if (e >= 0 || c == 0) return true;
  return e >= -38 && c % pow10(-e) == 0;
}

std::optional<std::int64_t> Number::to_int() const {
  if (!is_integer()) return std::nullopt;
  u128 c = coefficient();
  const int e = exponent();
  if (c == 0) return 0;
  if (e < 0) {
    c /= pow10(-e);
  } else {
    if (e + digit_count(c) > 19) return std::nullopt;
    c *= pow10(e);
  }
  if (c > static_cast<u128>(INT64_MAX)) return std::nullopt;
  const auto value = static_cast<std::int64_t>(c);
  return negative_sign() ? -value : value;
}

std::size_t Number::hash() const {
  u128 c = coefficient();
  if (c == 0) return 0;
  int e = exponent();
  while (c % 10 == 0) {
    c /= 10;
    ++e;
  }
  const u128 mixed = (c ^ (static_cast<u128>(e) << 70)) * 0x9e3779b97f4a7c15ULL + (negative_sign() ? 1 : 0);
  return static_cast<std::size_t>(mixed ^ (mixed >> 64));
}

Result<Number> Number::parse(std::string_view text) {
  const auto refuse = [] { return fail(ErrorCode::invalid, {"this is not a number", "这不是一个数"}); };
  if (text.empty() || text.size() > 10'000) return refuse();
  std::size_t at = 0;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') ++at;
  u128 coefficient = 0;
  int exponent = 0;
  bool digits = false, point = false, lost = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      if (coefficient < pow10(36)) {
        coefficient = coefficient * 10 + static_cast<unsigned>(c - '0');
        if (point) --exponent;
      } else {
        lost |= c != '0';
        if (!point) ++exponent;
      }
    } else {
      break;
    }
  }
  if (!digits || text[at - 1] == '.') return refuse();
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return refuse();
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int power = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), power);
    if (error != std::errc{} || end != text.data() + text.size() || power < -20'000 || power > 20'000) return refuse();
    exponent += power;
  }
  const auto number = from_parts(negative, jam(coefficient, lost), exponent);
  if (!number) return refuse();
  return *number;
}

std::optional<Number> Number::from_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  const auto number = parse({buffer, static_cast<std::size_t>(end - buffer)});
  return number ? std::optional(*number) : std::nullopt;
}

double Number::to_double() const {
  char buffer[64];
  char* end = buffer + sizeof buffer;
  char* at = end;
  u128 c = coefficient();
  do {
    *--at = static_cast<char>('0' + static_cast<int>(c % 10));
    c /= 10;
  } while (c != 0);
  std::string text = negative_sign() ? "-" : "";
  text.append(at, end).append("e").append(std::to_string(exponent()));
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string Number::text() const {
  u128 c = coefficient();
  if (c == 0) return "0";
  int e = exponent();
  for (; e < 0 && c % 10 == 0; ++e) c /= 10;
  std::string digits;
  for (; c != 0; c /= 10) digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(c % 10)));
  if (e > 0) {
    digits.append(static_cast<std::size_t>(e), '0');
  } else if (e < 0) {
    const auto places = static_cast<std::size_t>(-e);
    if (digits.size() <= places) digits.insert(0, places - digits.size() + 1, '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative_sign() ? "-" + digits : digits;
}

}  // namespace jx::rules
