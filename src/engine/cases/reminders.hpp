// reminders.hpp - the job of each open task with a term: it keeps the task's mark, and tells who has it, or the head, once for each mark.
#pragma once
#include "act.hpp"

#include <jx/cases/notices.hpp>

#include <boost/describe/class.hpp>

namespace jx::cases {

/// What the job carries on from one run to the next.
struct MarkJob {
  TaskId task;
  int told = 0;  // the gravest mark that somebody was told of
};
BOOST_DESCRIBE_STRUCT(MarkJob, (), (task, told))

/// Runs the job if it is still there: sets the mark of its task as of now, tells what is not told yet, and waits for the next change.
[[nodiscard]] Result<> run_mark_job(Engine::Impl& engine, db::Tx& tx, const Context& ctx, const Uuid& job);

/// The rows of a new notice, vouched for by the act.
[[nodiscard]] Result<> tell(db::Tx& tx, const Context& ctx, Act& act, TaskId task, NoticeKind kind, std::optional<AccountId> account,
                            const Desk& desk);

}  // namespace jx::cases
