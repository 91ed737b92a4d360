// save_resource_draft.cpp - PUT /api/v1/resource-drafts/{resource} (operation saveResourceDraft).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer save_resource_draft(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_CHECK(require_unit(call));
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(resource, call.body<catalogue::Resource>({.bytes = resource_json_bytes_max}));
    if (resource.id != id) return fail(ErrorCode::invalid, {"the id is that of the address", "id 须与地址中的一致"}, "/id");
    JX_CHECK(catalogue::save_draft(tx, call.ctx, resource));
    JX_TRY(draft, catalogue::draft(tx, id));
    return ok(draft_view(draft));
  });
}

}  // namespace jx::api
