// clock.hpp - the clock of a term in words.
#pragma once
#include "act.hpp"

namespace jx::cases {

struct ClockOf {
  std::string_view term;
  std::string_view yellow;  // jx:yellow, or empty
  LocalDate from;
  std::optional<LocalDate> ended_on;
  bool paused = false;
};
/// Nothing where there is no term. `pauses` are those of the case: what was over before the term began does not touch it.
[[nodiscard]] Result<std::optional<ClockWords>> clock_of(const calendar::Calendar& calendar, std::span<const calendar::Pause> pauses,
                                                         const ClockOf& of, LocalDate today);

}  // namespace jx::cases
