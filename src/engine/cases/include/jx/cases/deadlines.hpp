// deadlines.hpp - what another version of the calendar does to the deadlines of open cases.
#pragma once
#include <jx/calendar.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jx::cases {

inline constexpr std::size_t deadlines_page = 200;  // open cases that one call looks at

/// A deadline that moves: of a case, or of an open task of it.
struct MovedDeadline {
  CaseId id;
  std::string number;                 // of the case
  std::optional<TaskId> task;         // none: the case's own
  std::optional<LocalDate> from, to;  // none: it stands still or has no end
};
struct MovedDeadlines {
  std::vector<MovedDeadline> moved;
  std::optional<CaseId> next;  // go on after this one; nothing: that was all
};

/// Of the next `deadlines_page` open cases after `after` (nil: from the first), the deadlines that counting by `calendar` moves. Changes nothing.
/// Applying a pack with another calendar counts them anew by a job. Errors: those of the calendar.
[[nodiscard]] Result<MovedDeadlines> moved_deadlines(db::Tx& tx, const calendar::Calendar& calendar, CaseId after);

}  // namespace jx::cases
