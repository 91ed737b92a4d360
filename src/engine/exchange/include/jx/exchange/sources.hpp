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

/// How a source fares: closed is well; open: it failed several times and is not asked before `retry_at`.
struct SourceState {
  bool open = false;
  int failures = 0;  // in a row
  std::optional<Instant> failed_at;
  std::optional<Instant> retry_at;
  std::optional<Words> why;  // of the last failure
};

}  // namespace jx::exchange
