// claim_task.cpp - POST /api/v1/tasks/{task}/claim (operation claimTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer claim_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_CHECK(require_work(call, tx, id));
    JX_CHECK(call.deps.cases.claim(tx, call.ctx, id));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
