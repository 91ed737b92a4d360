// form_values.hpp - JSON values as JSON Schema sees them: numbers by their value and exactly, equality, and how many characters a text has.
#pragma once
#include <jx/rules/number.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace jx::cases {

/// The number as the shortest decimal that reads back as it; nothing for what is no number.
[[nodiscard]] std::optional<rules::Number> number_of(const boost::json::value& v);
/// Whether a number has no fraction: 1.0 has none.
[[nodiscard]] bool is_whole(const boost::json::value& number);
/// Whether `a` is a multiple of `b` (over 0), exactly: 0.07 is one of 0.01.
[[nodiscard]] bool is_multiple(const rules::Number& a, const rules::Number& b);

/// Equal as JSON Schema has it: 1 equals 1.0, objects whatever the order of their members, false is not 0.
[[nodiscard]] bool same(const boost::json::value& a, const boost::json::value& b);
/// Equal values have equal hashes.
[[nodiscard]] std::uint64_t hash_of_value(const boost::json::value& v);

/// Code points of UTF-8.
[[nodiscard]] std::size_t characters(std::string_view text);

}  // namespace jx::cases
