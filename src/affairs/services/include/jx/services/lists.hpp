// lists.hpp - service items as lists that people exchange: JSON, or the sheets of a workbook (docs/items.md).
#pragma once
#include <jx/core.hpp>

#include <boost/json/fwd.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

inline constexpr std::size_t list_items_max = 20'000;
inline constexpr std::size_t list_rows_max = 500'000;  // of one sheet

/// One sheet: row 1 has the official names, row 2 the keys, and each further row belongs to an item.
struct Grid {
  std::string name;                 // of the sheet: `事项 items`
  std::vector<std::string> titles;  // official names
  std::vector<std::string> keys;    // `name.zh-CN`, `telephones/questions`
  std::vector<std::vector<std::string>> rows;
};

/// What a list tells of an item of items/*.yaml: everything but how the program handles it (process, form, prefill, certificates).
[[nodiscard]] boost::json::object card_of(const boost::json::object& item);
/// `file` (what is there, or empty) with what `card` says.
[[nodiscard]] boost::json::object overlaid(const boost::json::object& file, const boost::json::object& card);

[[nodiscard]] std::vector<Grid> grids_of(const boost::json::array& cards);
/// Sheets whose names end in a key that is known; others are let be. Errors: invalid (a key that is unknown, a cell that does not fit, a row of no
/// item: Error::field is `<sheet>/<row>/<key>`), too_large.
[[nodiscard]] Result<boost::json::array> cards_of(std::span<const Grid> grids);

/// YAML text of an item, keys in the order of `value`.
[[nodiscard]] std::string to_yaml(const boost::json::object& value);

}  // namespace jx::services
