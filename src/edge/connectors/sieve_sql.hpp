// sieve_sql.hpp - an exchange::Sieve as a condition of SQL; private to the module. Names are quoted and values are parameters, whatever they hold.
#pragma once
#include <jx/exchange/sources.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace jx::connectors {

/// Which way a comparison may err that the database cannot make as the program does: above, a row too many; below a `none`, a row too few.
enum class Err { more, less };

/// `leaf(sieve, err)` writes a comparison, which below a `none` must not be NULL, or answers an empty text where it cannot be made.
template <class Leaf>
std::string sieve_text(const exchange::Sieve& sieve, Err err, Leaf& leaf) {
  using Is = exchange::Sieve::Kind;
  if (sieve.kind == Is::none) return "NOT " + sieve_text(sieve.parts.front(), err == Err::more ? Err::less : Err::more, leaf);
  if (sieve.kind != Is::all && sieve.kind != Is::any) {
    const std::string text = leaf(sieve, err);
    return "(" + (!text.empty() ? text : err == Err::more ? "1 = 1" : "1 = 0") + ")";
  }
  std::string text = "(";
  for (const auto& part : sieve.parts) text += (text.size() == 1 ? "" : sieve.kind == Is::all ? " AND " : " OR ") + sieve_text(part, err, leaf);
  return text + ")";
}

[[nodiscard]] inline std::string_view operator_of(exchange::Sieve::Kind kind) {
  switch (kind) {
    case exchange::Sieve::Kind::lt: return " < ";
    case exchange::Sieve::Kind::le: return " <= ";
    case exchange::Sieve::Kind::gt: return " > ";
    case exchange::Sieve::Kind::ge: return " >= ";
    default: return " = ";
  }
}

[[nodiscard]] inline std::string text_of_value(const exchange::Sieve::Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "1" : "0";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  return std::get<std::string>(value);
}

}  // namespace jx::connectors
