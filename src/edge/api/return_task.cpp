// return_task.cpp - POST /api/v1/tasks/{task}/return (operation returnTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct ReturnTask {
  std::string to;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReturnTask, (), (to, reason))

}  // namespace

Call::Answer return_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<ReturnTask>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    JX_CHECK(cases::return_task(call.deps.cases, tx, call.ctx, id, wanted.to, wanted.reason));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
