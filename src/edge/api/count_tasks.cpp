// count_tasks.cpp - GET /api/v1/tasks/counts (operation countTasks).
#include "handlers.hpp"
#include "views_cases.hpp"

#include <jx/cases/work_list.hpp>

namespace jx::api {

namespace {

Result<MarkCounts> counts(const Call& call, db::Tx& tx, const cases::WorkQuery& query) {
  JX_TRY(found, cases::count_work(call.deps.cases, tx, call.ctx, query));
  const auto view = [](const cases::Count& count) { return CountView{count.n, count.more}; };
  return MarkCounts{view(found.open), view(found.yellow), view(found.red)};
}

}  // namespace

Call::Answer count_tasks(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    using Scope = cases::WorkQuery::Scope;
    const auto& own = call.ctx.actor.unit;
    JX_TRY(handles, call.deps.access.allows(tx, call.ctx.actor, "cases.handle"));
    JX_TRY(leads, supervises(call, tx, own));
    if (!handles && !leads) JX_CHECK(call.require(tx, "cases.handle"));
    TaskCounts view;
    if (handles) {
      JX_TRY(desk, counts(call, tx, {}));
      view.desk = desk;
    }
    if (leads) {
      JX_TRY(unit, counts(call, tx, {.scope = Scope::units, .units = {own}, .item = {}, .mark = {}, .text = {}}));
      view.unit = unit;
      JX_TRY(units, identity::units_below(tx, own, std::nullopt));
      if (!units.empty()) {
        JX_TRY(below, counts(call, tx, {.scope = Scope::units, .units = std::move(units), .item = {}, .mark = {}, .text = {}}));
        view.below = below;
      }
    }
    return ok(view);
  });
}

}  // namespace jx::api
