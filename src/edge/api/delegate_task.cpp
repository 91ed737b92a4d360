// delegate_task.cpp - POST /api/v1/tasks/{task}/delegate (operation delegateTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct DelegateTask {
  AccountId account;
  std::optional<std::string> note;
  std::optional<std::string> term;
};
BOOST_DESCRIBE_STRUCT(DelegateTask, (), (account, note, term))

}  // namespace

Call::Answer delegate_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<DelegateTask>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    JX_CHECK(cases::delegate(call.deps.cases, tx, call.ctx, id, {wanted.account, wanted.note.value_or(""), wanted.term.value_or("")}));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
