// get_resource.cpp - GET /api/v1/resources/{resource} (operation getResource): everything that the catalogue says of it, and the grants on it that
// one's unit may know of.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer get_resource(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.read"));
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(resource, catalogue::resource(tx, id));
    JX_TRY(summary, resource_view(tx, resource));
    ResourceDetail view{std::move(summary), resource, {}, resource.provider == call.ctx.actor.unit};
    if (!call.ctx.actor.unit.empty()) {
      JX_TRY(records, exchange::grant_records(tx, call.today(), call.ctx.actor.unit));
      for (const auto& record : records) {
        if (record.view.grant.resource != id) continue;
        JX_TRY(one, grant_view(tx, record));
        view.grants.push_back(std::move(one));
      }
    }
    return ok(view);
  });
}

}  // namespace jx::api
