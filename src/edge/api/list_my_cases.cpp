// list_my_cases.cpp - GET /api/v1/cases (operation listMyCases).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

/// Nothing where there is nothing to review, or no time left for it.
Result<std::optional<bool>> is_reviewed(const Call& call, db::Tx& tx, const cases::CaseSummary& summary) {
  if (!summary.closed_at || summary.item.empty()) return std::optional<bool>();
  JX_TRY(given, services::review_of(tx, summary.id, services::ReviewOccasion::matter));
  if (given) return std::optional(true);
  JX_TRY(rules, call.deps.reviews.rules(tx));
  const auto here = call.deps.jurisdiction();
  if (!rules || !services::review_in_time(*rules, here->zone, *summary.closed_at, call.ctx.now())) return std::optional<bool>();
  return std::optional(false);
}

}  // namespace

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
      JX_TRY(reviewed, is_reviewed(call, tx, summary));
      view.reviewed = reviewed;
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
