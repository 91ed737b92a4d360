// get_task.cpp - GET /api/v1/tasks/{task} (operation getTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

/// A task of a case that may be in the archive: there a task alone does not say where it is.
Call::Answer task_of_case(Call& call, db::Tx& tx, TaskId id, CaseId of) {
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no such task, or it is not yours to see", "没有该任务，或您无权查看"}); };
  JX_CHECK(call.require(tx, "cases.handle"));
  JX_TRY(as, sight(call, tx, of));
  if (as != Sight::office) return none();
  return call.deps.archive.reading(tx, of, [&](db::Tx& seen) -> Call::Answer {
    JX_TRY(task, call.deps.cases.task(seen, call.ctx, id));
    if (task.case_id != of) return none();
    return task_answer(call, seen, id);
  });
}

}  // namespace

Call::Answer get_task(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(named, call.query("case"));
    if (named) {
      JX_TRY(of, CaseId::parse(*named));
      return task_of_case(call, tx, id, of);
    }
    JX_TRY(task, require_work(call, tx, id));
    JX_CHECK(require_task_sight(call, tx, task));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
