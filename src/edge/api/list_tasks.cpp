// list_tasks.cpp - GET /api/v1/tasks (operation listTasks).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer list_tasks(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(page, call.page());
    JX_TRY(state, call.query("state"));
    if (state && *state != "open" && *state != "done")
      return fail(ErrorCode::invalid, {"the state is open or done", "state 应为 open 或 done"}, "/state");
    const auto wanted = state.value_or("open") == "open" ? cases::Engine::List::open : cases::Engine::List::done;
    JX_TRY(found, call.deps.cases.work_list(tx, call.ctx, wanted, {page.limit, page.cursor}));
    TaskPage list;
    for (const auto& task : found.items) {
      JX_TRY(view, task_summary(tx, call.ctx, task));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
