// complete_task.cpp - POST /api/v1/tasks/{task}/complete (operation completeTask).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {
namespace {

struct CompleteTask {
  std::string outcome;
  std::optional<std::string> opinion;
};
BOOST_DESCRIBE_STRUCT(CompleteTask, (), (outcome, opinion))

}  // namespace

Call::Answer complete_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<CompleteTask>());
    JX_CHECK(call.deps.cases.complete(tx, call.ctx, id, {wanted.outcome, wanted.opinion.value_or(""), {}}));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
