// discard_resource_draft.cpp - DELETE /api/v1/resource-drafts/{resource} (operation discardResourceDraft).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer discard_resource_draft(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_CHECK(catalogue::discard_draft(tx, call.ctx, id));
    return http::no_content();
  });
}

}  // namespace jx::api
