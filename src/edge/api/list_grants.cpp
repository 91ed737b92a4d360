// list_grants.cpp - GET /api/v1/grants (operation listGrants).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_grants(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(unit, whose_grants(call, tx));
    JX_TRY(grants, exchange::grant_records(tx, call.today(), unit));
    GrantList list;
    for (const auto& grant : grants) {
      JX_TRY(view, grant_view(tx, grant));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
