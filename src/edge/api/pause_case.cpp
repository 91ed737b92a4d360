// pause_case.cpp - POST /api/v1/cases/{case}/pause (operation pauseCase).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct PauseCase {
  std::string reason;
  std::string legal_basis;
  std::optional<std::string> note;
  std::optional<bool> waits_for_applicant;
};
BOOST_DESCRIBE_STRUCT(PauseCase, (), (reason, legal_basis, note, waits_for_applicant))

}  // namespace

Call::Answer pause_case(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(wanted, call.body<PauseCase>());
    JX_CHECK(require_steering(call, tx, id));
    JX_CHECK(call.deps.cases.pause(tx, call.ctx, id,
                                   {wanted.reason, wanted.legal_basis, wanted.note.value_or(""), wanted.waits_for_applicant.value_or(false)}));
    return case_answer(call, tx, id);
  });
}

}  // namespace jx::api
