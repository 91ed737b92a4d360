// list_grants.cpp - GET /api/v1/grants (operation listGrants).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_grants(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    if (call.ctx.actor.unit.empty())
      return fail(ErrorCode::forbidden, {"grants are for those who act in a post of a unit", "共享授权仅供单位岗位人员查看"});
    JX_TRY(grants, exchange::grant_records(tx, call.today(), call.ctx.actor.unit));
    GrantList list;
    for (const auto& grant : grants) {
      JX_TRY(view, grant_view(tx, grant));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
