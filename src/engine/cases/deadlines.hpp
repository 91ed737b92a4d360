// deadlines.hpp - deadlines counted anew. What others see of it: jx/cases/deadlines.hpp.
#pragma once
#include "act.hpp"

#include <jx/pack.hpp>

#include <boost/describe/class.hpp>

namespace jx::cases {

/// Writes what the pauses of a case and the calendar of the act mean for the deadlines of the case and of its open tasks. Answers whether one moved.
[[nodiscard]] Result<bool> recount(db::Tx& tx, Act& act);
/// Sets the timers in working days as many working days after today by the act's calendar as they are by `before`.
[[nodiscard]] Result<bool> move_term_timers(Act& act, const calendar::Calendar& before);

/// Leaves a job that counts all open deadlines anew, if the pack that is about to be applied counts by another calendar than the applied one.
[[nodiscard]] Result<> schedule_recount(db::Tx& tx, const Context& ctx, const pack::Pack& pack);
/// What that job carries on from one run to the next.
struct Recount {
  std::string before;  // SHA-256 of the pack that was applied before, hexadecimal
  CaseId after;        // the last case that was done
};
BOOST_DESCRIBE_STRUCT(Recount, (), (before, after))

}  // namespace jx::cases
