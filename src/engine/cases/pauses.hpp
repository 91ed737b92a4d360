// pauses.hpp - the clock of a case stands still, and goes on.
#pragma once
#include "act.hpp"

namespace jx::cases {

/// Stops it for the case, its open tasks and its timers in working days; `standing` is what CaseRow::paused becomes. Errors: conflict (it stands
/// already).
[[nodiscard]] Result<> stop_clock(db::Tx& tx, Act& act, const Pause& pause, int standing);
/// Starts it again; the working days in between are not counted.
[[nodiscard]] Result<> start_clock(db::Tx& tx, Act& act);
/// Starts it again if it stood for supplements, and none is open any more.
[[nodiscard]] Result<> start_if_supplied(db::Tx& tx, Act& act);

}  // namespace jx::cases
