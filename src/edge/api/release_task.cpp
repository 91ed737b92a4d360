// release_task.cpp - POST /api/v1/tasks/{task}/release (operation releaseTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct ReleaseTask {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseTask, (), (reason))

}  // namespace

Call::Answer release_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_CHECK(require_work(call, tx, id));
    JX_TRY(wanted, call.body<ReleaseTask>());
    JX_CHECK(call.deps.cases.release(tx, call.ctx, id, wanted.reason));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
