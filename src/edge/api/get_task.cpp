// get_task.cpp - GET /api/v1/tasks/{task} (operation getTask).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer get_task(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
