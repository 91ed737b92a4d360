// cancel_case.cpp - POST /api/v1/cases/{case}/cancel (operation cancelCase).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct CancelCase {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(CancelCase, (), (reason))

}  // namespace

Call::Answer cancel_case(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(wanted, call.body<CancelCase>());
    JX_CHECK(require_supervision(call, tx, id));
    JX_CHECK(call.deps.cases.cancel(tx, call.ctx, id, cases::CaseState::ended, wanted.reason));
    return case_answer(call, tx, id);
  });
}

}  // namespace jx::api
