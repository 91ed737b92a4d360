#include "form_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace jx::cases {
namespace {

namespace json = boost::json;
using Wide = unsigned __int128;

/// a * b mod m, for a and b below m < 2^120.
Wide product(Wide a, Wide b, Wide m) {
  Wide sum = 0;
  for (; b != 0; b >>= 1U) {
    if ((b & 1U) != 0) sum = (sum + a) % m;
    a = (a + a) % m;
  }
  return sum;
}
Wide power_of_ten(unsigned exponent, Wide m) {
  Wide result = 1 % m;
  Wide base = 10 % m;
  for (; exponent != 0; exponent >>= 1U) {
    if ((exponent & 1U) != 0) result = product(result, base, m);
    base = product(base, base, m);
  }
  return result;
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  a ^= b + 0x9e3779b97f4a7c15ULL + (a << 6U) + (a >> 2U);
  return a * 0xff51afd7ed558ccdULL;
}

}  // namespace

std::optional<rules::Number> number_of(const json::value& v) {
  if (v.is_int64()) return rules::Number(v.get_int64());
  if (v.is_uint64()) return rules::Number(static_cast<std::size_t>(v.get_uint64()));
  if (v.is_double()) return rules::Number::from_double(v.get_double());
  return std::nullopt;
}

bool is_whole(const json::value& number) { return !number.is_double() || std::nearbyint(number.get_double()) == number.get_double(); }

bool is_multiple(const rules::Number& a, const rules::Number& b) {
  if (a.is_zero()) return true;
  const Wide divisor = b.coefficient();
  if (divisor == 0) return false;
  const int shift = a.exponent() - b.exponent();
  if (shift >= 0) return product(a.coefficient() % divisor, power_of_ten(static_cast<unsigned>(shift), divisor), divisor) == 0;
  // a has digits below those of b: all of them must be zeros once the common factors are out.
  Wide left = a.coefficient();
  for (int i = shift; i < 0; ++i) {
    if (left % 10 != 0) return false;
    left /= 10;
  }
  return left % divisor == 0;
}

bool same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    if (a.kind() == b.kind()) return a == b;
    return number_of(a) == number_of(b);
  }
  if (a.kind() != b.kind()) return false;
  if (a.is_array()) {
    return std::ranges::equal(a.get_array(), b.get_array(), same);
  }
  if (a.is_object()) {
    if (a.get_object().size() != b.get_object().size()) return false;
    return std::ranges::all_of(a.get_object(), [&](const auto& member) {
      const auto* other = b.get_object().if_contains(member.key());
      return other != nullptr && same(member.value(), *other);
    });
  }
  return a == b;
}

std::uint64_t hash_of_value(const json::value& v) {
  if (v.is_number()) {
    const auto number = number_of(v);
    return mixed(1, number ? number->hash() : 0);
  }
  switch (v.kind()) {
    case json::kind::bool_: return v.get_bool() ? 2 : 3;
    case json::kind::string: return mixed(4, std::hash<std::string_view>()(v.get_string()));
    case json::kind::array: {
      std::uint64_t hash = 5;
      for (const auto& x : v.get_array()) hash = mixed(hash, hash_of_value(x));
      return hash;
    }
    case json::kind::object: {
      std::uint64_t hash = 6;  // members in any order
      for (const auto& member : v.get_object()) hash += mixed(std::hash<std::string_view>()(member.key()), hash_of_value(member.value()));
      return hash;
    }
    default: return 7;
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace jx::cases
