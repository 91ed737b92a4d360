// get_case.cpp - GET /api/v1/cases/{case} (operation getCase).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer get_case(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(as, sight(call, tx, id));
    return call.deps.archive.reading(tx, id, [&](db::Tx& seen) -> Call::Answer {
      return as == Sight::office ? case_answer(call, seen, id) : applicant_case_answer(call, seen, id);
    });
  });
}

}  // namespace jx::api
