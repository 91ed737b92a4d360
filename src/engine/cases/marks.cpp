#include "marks.hpp"

#include "office_time.hpp"

#include <algorithm>

namespace jx::cases {

int yellow_days(std::string_view yellow, std::string_view term) {
  if (const auto said = parse_duration(yellow); said && said->is_term) return said->working_days;
  const auto of = parse_duration(term);
  return of ? std::max(of->working_days, of->days) / 5 : 0;
}

Mark mark_of(const calendar::Calendar& calendar, std::optional<LocalDate> due_on, int yellow_days, LocalDate today) {
  if (!due_on) return Mark::none;
  if (today > *due_on) return Mark::red;
  return calendar.working_days_between(today, *due_on) <= yellow_days ? Mark::yellow : Mark::none;
}

MarkTimes mark_times(const calendar::Calendar& calendar, std::optional<LocalDate> due_on, int yellow_days) {
  if (!due_on) return {};
  // The end of the last day on which more working days than that are left.
  const auto before = calendar.working_day_before(*due_on, yellow_days) - 1;
  return {calendar.end_of(before).micros, calendar.end_of(*due_on).micros};
}

}  // namespace jx::cases
