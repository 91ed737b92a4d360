// get_grant_request.cpp - GET /api/v1/grant-requests/{case} (operation getGrantRequest): for the unit that asks, the one that is asked, and the data
// authority.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer get_grant_request(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_unit(call));
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(asked, sharing::asked(tx, id));
    const auto& unit = call.ctx.actor.unit;
    JX_CHECK(call.require(tx, unit == asked.unit || unit == asked.provider ? "catalogue.read" : "catalogue.publish"));
    JX_TRY(view, asked_view(call, tx, asked));
    return ok(view);
  });
}

}  // namespace jx::api
