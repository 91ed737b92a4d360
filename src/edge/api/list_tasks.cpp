// list_tasks.cpp - GET /api/v1/tasks (operation listTasks).
#include "handlers.hpp"
#include "views_cases.hpp"

#include <jx/cases/work_list.hpp>

namespace jx::api {

namespace {

using Scope = cases::WorkQuery::Scope;

/// Whose tasks, and whether the caller may ask for them.
Result<> choose_scope(const Call& call, db::Tx& tx, cases::WorkQuery& query) {
  JX_TRY(scope, call.query("scope"));
  JX_TRY(unit, call.query("unit"));
  JX_TRY(level, call.query_enum<identity::Level>("level"));
  if (scope == "unit" || scope == "below") {
    query.scope = Scope::units;
    JX_TRY(of, supervised_unit(call, tx, unit));
    if (scope == "unit") {
      query.units = {of};
      return {};
    }
    JX_TRY(below, identity::units_below(tx, of, level));
    query.units = std::move(below);
    return {};
  }
  if (auto may = call.require(tx, "cases.handle"); !may) {
    JX_TRY(contributes, cases::contributes(tx, call.ctx.actor.account));
    if (!contributes || call.ctx.actor.account.nil()) return may;
    query.scope = Scope::mine;  // who was brought into a case sees what she was given
    return {};
  }
  if (!scope) return {};
  if (scope != "mine" && scope != "post")
    return fail(ErrorCode::invalid, {"the scope is mine, post, unit or below", "scope 应为 mine、post、unit 或 below"}, "/scope");
  query.scope = scope == "mine" ? Scope::mine : Scope::post;
  return {};
}

Result<cases::WorkQuery> filters(const Call& call) {
  cases::WorkQuery query;
  JX_TRY(item, call.query("item"));
  JX_TRY(mark, call.query("mark"));
  JX_TRY(text, call.query("text", 4 * cases::list_text_chars_max));
  if (item) {
    auto key = ItemId::parse(*item);
    if (!key) return std::unexpected(under("/item", std::move(key).error()));
    query.item = std::move(*key);
  }
  if (mark && *mark != "yellow" && *mark != "red") return fail(ErrorCode::invalid, {"the mark is yellow or red", "mark 应为 yellow 或 red"}, "/mark");
  if (mark) query.mark = *mark == "red" ? cases::Mark::red : cases::Mark::yellow;
  query.text = std::move(text).value_or("");
  return query;
}

Result<cases::Slice<cases::TaskView>> find(const Call& call, db::Tx& tx) {
  JX_TRY(page, call.page());
  JX_TRY(state, call.query("state"));
  if (state && *state != "open" && *state != "done")
    return fail(ErrorCode::invalid, {"the state is open or done", "state 应为 open 或 done"}, "/state");
  if (state == "done") {
    JX_CHECK(call.require(tx, "cases.handle"));
    return call.deps.cases.work_list(tx, call.ctx, cases::Engine::List::done, {page.limit, page.cursor});
  }
  JX_TRY(query, filters(call));
  JX_CHECK(choose_scope(call, tx, query));
  return cases::open_work(call.deps.cases, tx, call.ctx, query, {page.limit, page.cursor});
}

}  // namespace

Call::Answer list_tasks(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, find(call, tx));
    JX_TRY(outside, is_outside(tx, call.ctx.actor.unit));
    TaskPage list;
    Names names(tx, call.deps);
    for (const auto& task : found.items) {
      JX_TRY(view, task_summary(names, call.ctx, task, !outside && task.kind != cases::TaskKind::contribution));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
