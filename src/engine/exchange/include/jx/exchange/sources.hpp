// sources.hpp - what a source says of itself, and all rows of a table one after another.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jx::exchange {

/// A cell as its source gives it. Text is borrowed until the row function returns.
using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;
using TakeRow = std::function<Result<>(std::span<const Cell>)>;

struct TableShape {
  std::string name;
  std::vector<std::string> columns;
};

/// A condition on columns by which a source may leave rows out, so that fewer are carried: every row that holds must come, and one that does not may.
/// Whoever reads therefore looks at each row again, and no answer depends on what a source makes of this. A source that makes nothing of it is right.
/// Values are whole numbers, texts and truth values. A comparison holds where the cell, as the type of its field has it, is of the value's kind and
/// compares so (texts by octets); what is absent fulfils none.
struct Sieve {
  static constexpr std::size_t comparisons_max = 300;  // of one tree: a longer text would be more work for the source than the rows that it spares
  enum class Kind { all, any, none, eq, lt, le, gt, ge };
  using Value = std::variant<bool, std::int64_t, std::string>;
  Kind kind = Kind::all;
  std::vector<Sieve> parts;  // all, any; none: the one that must not hold
  std::string column;        // of a comparison
  catalogue::FieldType type = catalogue::FieldType::text;
  Value value;
};

/// How a source fares: closed is well; open: it failed several times and is not asked before `retry_at`.
struct SourceState {
  bool open = false;
  int failures = 0;  // in a row
  std::optional<Instant> failed_at;
  std::optional<Instant> retry_at;
  std::optional<Words> why;  // of the last failure
};

}  // namespace jx::exchange
