// actions.cpp - what the caller may do now with a case or one of its tasks, as the operations that do it would decide.
#include "views.hpp"

#include <algorithm>

namespace jx::api {
namespace {

/// Yes, or no where it is forbidden; other errors stay errors.
Result<bool> granted(const Result<>& asked) {
  if (asked) return true;
  if (asked.error().code == ErrorCode::forbidden || asked.error().code == ErrorCode::not_found) return false;
  return std::unexpected(asked.error());
}

/// Whether a task is for the desk at which the caller sits.
Result<bool> for_my_desk(db::Tx& tx, const Context& ctx, const cases::TaskView& task) {
  const auto& actor = ctx.actor;
  if (actor.post.empty()) return false;
  if (!task.unit.empty() && task.unit != actor.unit) return false;
  if (!task.post.empty() && task.post != actor.post) return false;
  if (task.role.empty()) return true;
  JX_TRY(roles, identity::Access::roles_of(tx, actor));
  return std::ranges::any_of(roles, [&](const identity::Role& role) { return role.id == task.role; });
}

bool stands_still(const std::string& state) { return state == "paused" || state == "waiting_for_applicant"; }

}  // namespace

Result<std::vector<std::string>> case_actions(const Call& call, db::Tx& tx, const CaseDetail& detail) {
  std::vector<std::string> actions;
  if (detail.closed_at) return actions;
  JX_TRY(steers, granted(require_steering(call, tx, detail.id)));
  if (steers) actions.emplace_back(stands_still(detail.state) ? "resume" : "pause");
  JX_TRY(supervises_it, granted(require_supervision(call, tx, detail.id)));
  if (supervises_it) actions.emplace_back("cancel");
  return actions;
}

Result<std::vector<std::string>> task_actions(const Call& call, db::Tx& tx, const TaskDetail& detail) {
  std::vector<std::string> actions;
  JX_TRY(task, call.deps.cases.task(tx, call.ctx, detail.task.id));
  const bool free = task.state == cases::TaskState::free;
  if (!free && task.state != cases::TaskState::claimed) return actions;
  JX_TRY(handles, call.deps.access.allows(tx, call.ctx.actor, "cases.handle"));
  JX_TRY(mine_to_take, for_my_desk(tx, call.ctx, task));
  const bool mine = !free && task.mine;
  if (handles && free && mine_to_take) actions.emplace_back("claim");
  if (handles && (mine || (free && mine_to_take)) && !stands_still(detail.case_.state)) actions.emplace_back("complete");
  if (handles && mine) actions.emplace_back("release");
  JX_TRY(supervised, supervises(call, tx, task.unit));
  if (supervised || (handles && (mine || (free && mine_to_take)))) actions.emplace_back("hand_over");
  return actions;
}

}  // namespace jx::api
