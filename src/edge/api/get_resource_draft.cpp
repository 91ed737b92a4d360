// get_resource_draft.cpp - GET /api/v1/resource-drafts/{resource} (operation getResourceDraft): for its unit, and for who examines it.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer get_resource_draft(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(draft, catalogue::draft(tx, id));
    const bool own = draft.resource.provider == call.ctx.actor.unit;
    JX_CHECK(call.require(tx, own ? "catalogue.read" : "catalogue.publish"));
    return ok(draft_view(draft));
  });
}

}  // namespace jx::api
