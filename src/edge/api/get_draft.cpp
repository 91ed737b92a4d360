// get_draft.cpp - GET /api/v1/drafts/{draft} (operation getDraft).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer get_draft(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_TRY(draft, services::draft(tx, call.ctx, id, call.today()));
    return draft_answer(call, tx, draft);
  });
}

}  // namespace jx::api
