// get_case.cpp - GET /api/v1/cases/{case} (operation getCase).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer get_case(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(as, sight(call, tx, id));
    if (as == Sight::office) return case_answer(call, tx, id);
    JX_TRY(view, case_detail(tx, call.deps, call.ctx, id, true));
    return ok(view);
  });
}

}  // namespace jx::api
