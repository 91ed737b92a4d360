#include "act.hpp"

#include <jx/cases/batch.hpp>

#include <algorithm>
#include <set>

namespace jx::cases {

Result<> check_batch(Engine& engine, db::Tx& tx, const Context& ctx, std::span<const TaskId> tasks, std::string_view outcome) {
  if (tasks.size() > batch_tasks_max) return fail(ErrorCode::too_large, {"at most 200 tasks at once", "一次最多 200 个任务"}, "/tasks");
  if (tasks.empty()) return fail(ErrorCode::invalid, {"name the tasks", "请选择任务"}, "/tasks");
  if (std::set(tasks.begin(), tasks.end()).size() != tasks.size()) return fail(ErrorCode::invalid, {"each task once", "任务不得重复"}, "/tasks");
  std::optional<TaskView> first;
  std::optional<ProcessId> process;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto task = engine.task(tx, ctx, tasks[i]);
    if (!task && task.error().code == ErrorCode::not_found) continue;
    if (!task) return std::unexpected(std::move(task).error());
    const auto at = "/tasks/" + std::to_string(i);
    JX_TRY(summary, engine.summary(tx, task->case_id));
    if (task->kind != TaskKind::step)
      return fail(ErrorCode::invalid, {"what a colleague or another unit is asked for is answered by itself", "受委派、征求意见和协办任务请逐件办理"},
                  at);
    if (!task->form.empty()) return fail(ErrorCode::invalid, {"this step has a form: decide each by itself", "该环节需填写表单，请逐件办理"}, at);
    if (first && (task->element != first->element || summary.process != *process))
      return fail(ErrorCode::invalid, {"this is another step than the others", "该任务与其他任务不是同一环节"}, at);
    if (!first) process = summary.process;
    if (!first) first = std::move(*task);
  }
  if (!first) return {};
  const auto known = std::ranges::find(first->outcomes, outcome, &Outcome::key);
  if (first->outcomes.empty() ? !outcome.empty() : known == first->outcomes.end())
    return fail(ErrorCode::invalid, {"choose one of the outcomes", "请选择办理结果"}, "/outcome");
  return {};
}

Result<bool> was_done(Engine& engine, db::Tx& tx, const Context& ctx, TaskId id, std::string_view outcome) {
  JX_TRY(task, engine.task(tx, ctx, id));
  return task.state == TaskState::done && task.holder == ctx.actor.account && task.outcome == outcome;
}

}  // namespace jx::cases
