// claim_task.cpp - POST /api/v1/tasks/{task}/claim (operation claimTask).
#include "answer_after.hpp"
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer claim_task(Call& call) {
  JX_TRY(id, call.path<TaskId>("task"));
  return answer_after(
      call,
      [&](db::Tx& tx) -> Result<> {
        JX_CHECK(require_work(call, tx, id));
        return call.deps.cases.claim(tx, call.ctx, id);
      },
      [&](db::Tx& tx) { return task_answer(call, tx, id); });
}

}  // namespace jx::api
