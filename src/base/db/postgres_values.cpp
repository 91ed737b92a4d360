#include "postgres_values.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace jx::db {
namespace {

// From the server's catalog (pg_type.dat); they never change.
enum : Oid {
  oid_bool = 16,
  oid_bytea = 17,
  oid_char = 18,
  oid_name = 19,
  oid_int8 = 20,
  oid_int2 = 21,
  oid_int4 = 23,
  oid_text = 25,
  oid_oid = 26,
  oid_float4 = 700,
  oid_float8 = 701,
  oid_unknown = 705,
  oid_bpchar = 1042,
  oid_varchar = 1043,
  oid_numeric = 1700,
  oid_void = 2278,
};

bool is_text(Oid type) { return type == oid_text || type == oid_varchar || type == oid_bpchar || type == oid_name || type == oid_unknown; }

template <class Word>
Word from_network(const char* data) {
  Word word;
  std::memcpy(&word, data, sizeof word);
  if constexpr (std::endian::native == std::endian::little) {
    auto octets = std::bit_cast<std::array<char, sizeof(Word)>>(word);
    std::ranges::reverse(octets);
    word = std::bit_cast<Word>(octets);
  }
  return word;
}

template <class Word>
void to_network(Word word, Encoded& out) {
  auto octets = std::bit_cast<std::array<char, sizeof(Word)>>(word);
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(octets);
  std::ranges::copy(octets, out.word.begin());
  out.data = out.word.data();
  out.length = sizeof(Word);
}

void as_text(std::string text, Encoded& out) {
  out.text = std::move(text);
  out.data = out.text.c_str();
  out.length = static_cast<int>(out.text.size());
  out.format = 0;
}

template <class Word>
bool fits(std::int64_t number) {
  return number >= std::numeric_limits<Word>::min() && number <= std::numeric_limits<Word>::max();
}

bool encode_integer(std::int64_t number, Oid type, Encoded& out) {
  switch (type) {
    case oid_int8: return to_network(number, out), true;
    case oid_int4: return fits<std::int32_t>(number) && (to_network(static_cast<std::int32_t>(number), out), true);
    case oid_int2: return fits<std::int16_t>(number) && (to_network(static_cast<std::int16_t>(number), out), true);
    case oid_bool: return (number == 0 || number == 1) && (to_network(static_cast<char>(number), out), true);
    case oid_float8: return to_network(static_cast<double>(number), out), true;
    case oid_numeric: return as_text(std::to_string(number), out), true;
    default: return false;
  }
}

bool encode_real(double number, Oid type, Encoded& out) {
  if (type == oid_float8) return to_network(number, out), true;
  if (type == oid_float4) return to_network(static_cast<float>(number), out), true;
  if (type != oid_numeric) return false;
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", number);
  return as_text(text, out), true;
}

/// The format of numeric_send: four 16-bit words (count of digits, weight, sign, scale), then digits to the base of 10,000.
std::optional<Row::Cell> decode_numeric(const char* data, int length) {
  constexpr std::uint16_t negative = 0x4000;
  if (length < 8) return std::nullopt;
  const auto word = [&](int i) { return from_network<std::int16_t>(data + 2 * i); };
  const int digits = word(0);
  const int weight = word(1);
  const auto sign = static_cast<std::uint16_t>(word(2));
  if (length != 8 + 2 * digits || (sign != 0 && sign != negative)) return std::nullopt;  // or NaN, infinity
  if (word(3) > 0) {
    double value = 0;
    for (int i = 0; i < digits; ++i) value += word(4 + i) * std::pow(10'000.0, weight - i);
    return sign == negative ? -value : value;
  }
  std::int64_t value = 0;
  for (int i = 0; i <= weight; ++i) {
    const std::int64_t digit = i < digits ? word(4 + i) : 0;
    if (__builtin_mul_overflow(value, 10'000, &value) || __builtin_sub_overflow(value, digit, &value)) return std::nullopt;
  }
  if (sign == negative) return value;
  if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return -value;
}

}  // namespace

Result<> encode(const Query& query, std::size_t index, const Param& param, Oid type, Encoded& out) {
  const auto value = param.value();
  bool good = false;
  const char* kind = "NULL";
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    kind = "an integer";
    good = encode_integer(*number, type, out);
  } else if (const auto* real = std::get_if<double>(&value)) {
    kind = "a real number";
    good = encode_real(*real, type, out);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    kind = "a text";
    good = is_text(type);
    out.data = text->empty() ? "" : text->data();
    out.length = static_cast<int>(text->size());
  } else if (const auto* bytes = std::get_if<ByteView>(&value)) {
    kind = "octets";
    good = type == oid_bytea;
    out.data = bytes->empty() ? "" : text_of(*bytes).data();
    out.length = static_cast<int>(bytes->size());
  } else {
    good = true;
  }
  if (good) return {};
  return fail(ErrorCode::internal, "parameter " + std::to_string(index + 1) + " of " + std::string(query.name) + " is " + kind +
                                       ", which the server's type " + std::to_string(type) + " does not take; cast it in the query");
}

Result<Row::Cell> decode(std::string_view query, const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return nullptr;
  const char* data = PQgetvalue(result, row, column);
  const int length = PQgetlength(result, row, column);
  const Oid type = PQftype(result, column);
  if (is_text(type)) return Row::Cell(std::in_place_type<std::string>, data, static_cast<std::size_t>(length));
  switch (type) {
    case oid_int8: return from_network<std::int64_t>(data);
    case oid_int4: return std::int64_t{from_network<std::int32_t>(data)};
    case oid_int2: return std::int64_t{from_network<std::int16_t>(data)};
    case oid_oid: return std::int64_t{from_network<std::uint32_t>(data)};
    case oid_bool: return std::int64_t{*data != 0};
    case oid_float8: return from_network<double>(data);
    case oid_float4: return double{from_network<float>(data)};
    case oid_void: return nullptr;
    case oid_char: return std::string(1, *data);
    case oid_bytea: {
      const auto octets = bytes_of({data, static_cast<std::size_t>(length)});
      return Bytes(octets.begin(), octets.end());
    }
    case oid_numeric:
      if (auto number = decode_numeric(data, length)) return std::move(*number);
      return fail(ErrorCode::internal, "column " + std::to_string(column + 1) + " of " + std::string(query) + " is a number beyond 64 bits");
    default:
      return fail(ErrorCode::internal, "column " + std::to_string(column + 1) + " of " + std::string(query) + " has the server's type " +
                                           std::to_string(type) + ", which has no counterpart; cast it in the query");
  }
}

}  // namespace jx::db
