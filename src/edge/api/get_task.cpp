// get_task.cpp - GET /api/v1/tasks/{task} (operation getTask).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer get_task(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(task, require_work(call, tx, id));
    JX_CHECK(require_task_sight(call, tx, task));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
