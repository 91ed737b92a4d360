// discard_draft.cpp - DELETE /api/v1/drafts/{draft} (operation discardDraft).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer discard_draft(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_CHECK(services::discard_draft(tx, call.ctx, id));
    return http::no_content();
  });
}

}  // namespace jx::api
