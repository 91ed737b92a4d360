// list_case_usage.cpp - GET /api/v1/cases/{case}/usage (operation listCaseUsage).
#include "delay_views.hpp"
#include "handlers.hpp"
#include "views_cases.hpp"

#include <algorithm>

namespace jx::api {

Call::Answer list_case_usage(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(as, sight(call, tx, id));
    JX_TRY(uses, exchange::usage_for(tx, id.uuid()));
    UsagePage page;
    DelaysByGrant delays_of;
    Names names(tx, call.deps);
    for (const auto& usage : uses) {
      JX_TRY(delays, delays_of.of(tx, usage.grant));
      const bool later = std::ranges::any_of(*delays, [&](const exchange::Delay& delay) { return delay.hides(usage, call.ctx.now()); });
      if (as == Sight::applicant && later) continue;
      JX_TRY(view, usage_view(names, usage, call.today()));
      page.items.push_back(std::move(view));
    }
    return ok(page);
  });
}

}  // namespace jx::api
