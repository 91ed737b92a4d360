// hand_over_task.cpp - POST /api/v1/tasks/{task}/hand-over (operation handOverTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct HandOverTask {
  std::optional<AccountId> account;
  std::optional<UnitId> unit;
  std::optional<PostId> post;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(HandOverTask, (), (account, unit, post, reason))

}  // namespace

Call::Answer hand_over_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<HandOverTask>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(require_task_sight(call, tx, task));
    cases::Engine::HandOver to{wanted.account.value_or(AccountId()), wanted.unit.value_or(UnitId()), wanted.post.value_or(PostId()), wanted.reason,
                               false};
    if (!task.mine) {
      JX_TRY(supervised, supervises(call, tx, task.unit));
      to.supervised = supervised;
    }
    if (!to.supervised) JX_CHECK(call.require(tx, "cases.handle"));
    if (!to.unit.empty()) JX_CHECK(check_seat(tx, to.unit, to.post));
    JX_CHECK(call.deps.cases.hand_over(tx, call.ctx, id, to));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
