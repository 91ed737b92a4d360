// terms.hpp - the limits of an item: `20 WD`, `30 D`, `4 H`, `at once`; private to the module.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace jx::services {

enum class TermUnit { at_once, hours, days, working_days };

struct Term {
  int value = 0;
  TermUnit unit = TermUnit::working_days;

  /// How long it is, to compare terms of different units: hours of the calendar, five working days to seven days, eight hours to a working day.
  [[nodiscard]] double hours() const;
  [[nodiscard]] std::string text() const;
};

/// Also as people write it in Chinese: 20个工作日, 30天, 4小时, 即时. Nothing where it is none.
[[nodiscard]] std::optional<Term> parse_term(std::string_view text);

}  // namespace jx::services
