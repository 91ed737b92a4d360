// ask_supplement.cpp - POST /api/v1/tasks/{task}/supplements (operation askSupplement): all that is missing, told once (Administrative Licensing Law
// art. 32).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AskSupplement {
  std::string missing, legal_basis;
  std::optional<std::string> term;
};
BOOST_DESCRIBE_STRUCT(AskSupplement, (), (missing, legal_basis, term))

}  // namespace

Call::Answer ask_supplement(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<AskSupplement>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    JX_CHECK(cases::ask_supplement(call.deps.cases, tx, call.ctx, id, {wanted.missing, wanted.legal_basis, wanted.term.value_or("")}));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
