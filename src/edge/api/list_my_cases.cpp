// list_my_cases.cpp - GET /api/v1/cases (operation listMyCases).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer list_my_cases(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.read_own"));
    JX_TRY(page, call.page());
    JX_TRY(parties, services::parties_of(tx, call.ctx, call.today()));
    JX_TRY(found, call.deps.cases.cases_of(tx, parties, {page.limit, page.cursor}));
    CasePage list;
    for (const auto& summary : found.items) {
      JX_TRY(shown, services::may_see(tx, call.ctx, summary.applicant, summary.item, call.today()));
      if (!shown) continue;  // of somebody whose mandate is for other items: a page may be shorter than its limit
      JX_TRY(view, case_summary(tx, summary, true));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
