#include "clock.hpp"

#include "marks.hpp"
#include "office_time.hpp"

namespace jx::cases {

Result<std::optional<ClockWords>> clock_of(const calendar::Calendar& calendar, std::span<const calendar::Pause> pauses, const ClockOf& of,
                                           LocalDate today) {
  const auto term = parse_duration(of.term);
  if (!term || !term->is_term) return std::optional<ClockWords>();
  const bool working_days = term->working_days > 0;
  std::vector<calendar::Pause> its;
  for (const auto& pause : pauses) {
    if (!pause.resumed_on || *pause.resumed_on > of.from) its.push_back(pause);
  }
  const auto on = of.ended_on.value_or(today);
  JX_TRY(standing, calendar.standing(of.from, working_days ? term->working_days : term->days, its, on,
                                     working_days ? calendar::Counting::working_days : calendar::Counting::days));
  JX_TRY(due, due_of(calendar, of.term, of.from, its));
  ClockWords words;
  words.day = standing.day;
  words.of = standing.of;
  words.words = standing.words;
  words.due_on = due.on;
  words.provisional = due.provisional;
  words.state = of.ended_on              ? ClockWords::State::done
                : of.paused              ? ClockWords::State::paused
                : standing.days_over > 0 ? ClockWords::State::late
                                         : ClockWords::State::running;
  if (!of.ended_on) words.mark = mark_of(calendar, due.on, yellow_days(of.yellow, of.term), on);
  return std::optional(std::move(words));
}

}  // namespace jx::cases
