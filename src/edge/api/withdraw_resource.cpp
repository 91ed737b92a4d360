// withdraw_resource.cpp - POST /api/v1/resources/{resource}/withdraw (operation withdrawResource).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer withdraw_resource(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(wanted, call.body<Reason>());
    JX_TRY(resource, catalogue::resource(tx, id));
    // Its own unit, or who keeps the catalogue.
    JX_CHECK(call.require(tx, resource.provider == call.ctx.actor.unit ? "catalogue.edit" : "catalogue.publish"));
    JX_CHECK(catalogue::withdraw(tx, call.ctx, id, wanted.reason));
    return http::no_content();
  });
}

}  // namespace jx::api
