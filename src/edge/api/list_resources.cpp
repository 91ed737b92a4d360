// list_resources.cpp - GET /api/v1/resources (operation listResources).
#include "handlers.hpp"
#include "views.hpp"

namespace jx::api {

Call::Answer list_resources(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(resources, catalogue::resources(tx));
    ResourceList list;
    JX_TRY(whole, call.deps.access.allows(tx, call.ctx.actor, "catalogue.read"));
    for (const auto& resource : resources) {
      if (!whole && resource.share_class != catalogue::ShareClass::unconditional) continue;
      JX_TRY(view, resource_view(tx, resource));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
