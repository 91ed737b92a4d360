// filter.hpp - a caller's condition on the rows of an answer: a JSON tree of bounded size.
//   {"all": [filter, ...]}  {"any": [filter, ...]}  {"not": filter}  {"field": id, "op": eq|ne|lt|le|gt|ge|in, "value": value}
#pragma once
#include <jx/core.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::exchange {

inline constexpr std::size_t filter_depth_max = 8;
inline constexpr std::size_t filter_nodes_max = 100;
inline constexpr std::size_t filter_values_max = 200;  // of one `in`

struct Filter {
  enum class Kind { all, any, none, eq, ne, lt, le, gt, ge, in };
  Kind kind = Kind::all;
  std::vector<Filter> parts;               // all, any; none: the one that must not hold
  std::string field;                       // of a comparison
  std::vector<boost::json::value> values;  // its right side: one; in: 1 to filter_values_max. Strings, numbers, booleans

  /// Whether a row holds; `cell` answers its value of a field. Numbers are compared as numbers, texts and dates by octets; what is absent or of
  /// another kind than the value fulfils no comparison, not even `ne`.
  [[nodiscard]] bool holds(const std::function<const boost::json::value&(std::string_view)>& cell) const;
  /// The fields that it names, each with the JSON pointer of its first mention below `at`.
  void each_field(const std::string& at, const std::function<void(const std::string& field, const std::string& pointer)>& take) const;
};

/// Errors: invalid, too_large (Error::field points into the filter, below "/filter").
[[nodiscard]] Result<Filter> parse_filter(const boost::json::value& json);

}  // namespace jx::exchange
