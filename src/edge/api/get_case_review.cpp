// get_case_review.cpp - GET /api/v1/cases/{case}/review (operation getCaseReview): for its applicant - what can be said of it, or what was said and
// answered.
#include "review_views.hpp"

namespace jx::api {

Call::Answer get_case_review(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_CHECK(require_own_matter(call, tx, id));
    JX_TRY(view, case_review_view(call, tx, id));
    return ok(view);
  });
}

}  // namespace jx::api
