// list_counter_cases.cpp - GET /api/v1/counter/cases (operation listCounterCases): what the counter of one's unit took in, the latest first.
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

constexpr std::size_t shown_max = 50;

}  // namespace

Call::Answer list_counter_cases(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.accept_for_others"));
    JX_TRY(ids, services::counter_cases(tx, call.ctx.actor.unit, shown_max));
    CasePage list;
    for (const auto& id : ids) {
      const auto summary = call.deps.cases.summary(tx, id);
      if (!summary && summary.error().code == ErrorCode::not_found) continue;  // it is in the archive
      if (!summary) return std::unexpected(summary.error());
      JX_TRY(view, case_summary(tx, *summary, false));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
