// withdraw_opinion.cpp - POST /api/v1/tasks/{task}/withdraw (operation withdrawOpinion).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct WithdrawOpinion {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(WithdrawOpinion, (), (reason))

}  // namespace

Call::Answer withdraw_opinion(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<WithdrawOpinion>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    JX_CHECK(cases::withdraw_side(call.deps.cases, tx, call.ctx, id, wanted.reason));
    return task_answer(call, tx, task.parent);
  });
}

}  // namespace jx::api
