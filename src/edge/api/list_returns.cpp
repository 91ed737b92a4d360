// list_returns.cpp - GET /api/v1/tasks/{task}/returns (operation listReturns).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer list_returns(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    JX_TRY(steps, cases::returns_of(call.deps.cases, tx, id));
    ReturnList list;
    for (auto& step : steps) list.items.push_back({std::move(step.element), std::move(step.name)});
    return ok(list);
  });
}

}  // namespace jx::api
