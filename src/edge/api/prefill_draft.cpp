// prefill_draft.cpp - POST /api/v1/drafts/{draft}/prefill (operation prefillDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

namespace {

struct PrefillRequest {
  GrantId grant;
  bool authorised = false;
};
BOOST_DESCRIBE_STRUCT(PrefillRequest, (), (grant, authorised))

}  // namespace

Call::Answer prefill_draft(Call& call) {
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return require_applying(call, tx); }));

  JX_TRY(id, call.path<DraftId>("draft"));
  JX_TRY(wanted, call.body<PrefillRequest>());
  if (!wanted.authorised) return fail(ErrorCode::invalid, {"the applicant has not authorised this read", "申请人尚未授权读取"}, "/authorised");
  JX_TRY(draft, services::prefill(call.deps.database, call.deps.gateway, call.ctx, id, wanted.grant, call.today()));
  return call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return draft_answer(call, tx, draft); });
}

}  // namespace jx::api
