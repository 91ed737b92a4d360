// list_resource_drafts.cpp - GET /api/v1/resource-drafts (operation listResourceDrafts): those of one's unit.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_resource_drafts(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_CHECK(require_unit(call));
    JX_TRY(drafts, catalogue::drafts(tx, call.ctx.actor.unit));
    ResourceDraftList list;
    for (const auto& draft : drafts) list.items.push_back(draft_view(draft));
    return ok(list);
  });
}

}  // namespace jx::api
