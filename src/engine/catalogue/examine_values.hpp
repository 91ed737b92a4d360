// examine_values.hpp - what single values look like; private to the examination.
#pragma once
#include <jx/catalogue/examine.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace jx::catalogue::examining {

using Counts = std::unordered_map<std::string, std::int64_t>;

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] bool has_blank_end(std::string_view text);
[[nodiscard]] bool has_doubled_blank(std::string_view text);
/// Whether there is any letter or digit; every octet beyond ASCII counts as a letter.
[[nodiscard]] bool has_content(std::string_view text);
/// Runs of digits as 9{n}, of letters as A{n}, of others beyond ASCII as C{n}; the rest as it is.
[[nodiscard]] std::string shape(std::string_view text);
/// Capitals; every run of other than letters and digits one blank; trimmed.
[[nodiscard]] std::string normalised(std::string_view text);
/// yyyymmdd, yyyy-mm-dd, yyyy/mm/dd or m/d/yyyy.
[[nodiscard]] std::optional<LocalDate> any_date(std::string_view text);
/// Whether it has the form of such a date, be it a calendar day or not.
[[nodiscard]] bool date_like(std::string_view text);
[[nodiscard]] bool integer_like(std::string_view text);
[[nodiscard]] bool number_like(std::string_view text);
/// Nothing where it is no decimal number, or beyond what a double holds.
[[nodiscard]] std::optional<double> number_of(std::string_view text);
/// Digits after the point.
[[nodiscard]] std::size_t decimals(std::string_view text);
/// The words within the last square brackets; nothing without them.
[[nodiscard]] std::optional<std::string_view> bracketed(std::string_view text);
/// Whether a column's name has one of these words in it, letters in any case.
[[nodiscard]] bool named(std::string_view column, std::initializer_list<std::string_view> words);

}  // namespace jx::catalogue::examining
