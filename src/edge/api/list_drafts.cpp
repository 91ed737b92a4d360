// list_drafts.cpp - GET /api/v1/drafts (operation listDrafts).
#include "handlers.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer list_drafts(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(drafts, services::drafts(tx, call.ctx, call.today()));
    DraftList list;
    for (const auto& draft : drafts) {
      JX_TRY(view, draft_view(tx, draft));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
