// marks.hpp - when a term turns yellow, and when red.
#pragma once
#include "act.hpp"

#include <jx/calendar.hpp>
#include <jx/cases.hpp>

#include <optional>
#include <string_view>

namespace jx::cases {

/// How many working days before the last one a term is yellow: what the model's jx:yellow says, else a fifth of the term. Of a day or less: on the
/// last day.
[[nodiscard]] int yellow_days(std::string_view yellow, std::string_view term);

/// Red: past its end. Yellow: on the last day, or `yellow_days` working days or fewer are left. None: no end, or more time.
[[nodiscard]] Mark mark_of(const calendar::Calendar& calendar, std::optional<LocalDate> due_on, int yellow_days, LocalDate today);

/// When that changes, in microseconds; `never` without an end.
struct MarkTimes {
  std::int64_t yellow_at = never;
  std::int64_t red_at = never;
};
[[nodiscard]] MarkTimes mark_times(const calendar::Calendar& calendar, std::optional<LocalDate> due_on, int yellow_days);

}  // namespace jx::cases
