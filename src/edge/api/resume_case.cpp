// resume_case.cpp - POST /api/v1/cases/{case}/resume (operation resumeCase).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer resume_case(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_CHECK(require_steering(call, tx, id));
    JX_CHECK(call.deps.cases.resume(tx, call.ctx, id));
    return case_answer(call, tx, id);
  });
}

}  // namespace jx::api
