// answer_delegation.cpp - POST /api/v1/tasks/{task}/answer (operation answerDelegation).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AnswerDelegation {
  std::optional<std::string> outcome;
  std::optional<std::string> opinion;
  std::optional<std::map<std::string, Json>> form;
};
BOOST_DESCRIBE_STRUCT(AnswerDelegation, (), (outcome, opinion, form))

}  // namespace

Call::Answer answer_delegation(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<AnswerDelegation>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    if (task.kind != cases::TaskKind::preparation)
      return fail(ErrorCode::conflict, {"this is no task that one prepares for another: complete it", "该任务不是委派代拟任务，请直接办理"});
    JX_CHECK(call.deps.cases.complete(tx, call.ctx, id, {wanted.outcome.value_or(""), wanted.opinion.value_or(""), object_of(wanted.form)}));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
