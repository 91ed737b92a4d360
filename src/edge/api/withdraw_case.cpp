// withdraw_case.cpp - POST /api/v1/cases/{case}/withdraw (operation withdrawCase).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct WithdrawCase {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(WithdrawCase, (), (reason))

}  // namespace

Call::Answer withdraw_case(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(wanted, call.body<WithdrawCase>());
    JX_TRY(as, sight(call, tx, id));
    if (as != Sight::applicant) return fail(ErrorCode::forbidden, {"only its applicant withdraws a case", "仅申请人可以撤回申请"});
    JX_CHECK(call.deps.cases.cancel(tx, call.ctx, id, cases::CaseState::withdrawn, wanted.reason));
    return applicant_case_answer(call, tx, id);
  });
}

}  // namespace jx::api
