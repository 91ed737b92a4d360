// list_data_matters.cpp - GET /api/v1/data-matters (operation listDataMatters): what one asked about data, and what one's unit has to answer, newest
// first.
#include "matter_views.hpp"

namespace jx::api {

Call::Answer list_data_matters(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, call.ctx.actor.unit.empty() ? "usage.read_own" : "catalogue.read"));
    JX_TRY(page, call.page());
    JX_TRY(found, sharing::matters_of(tx, call.ctx.actor, page.limit, page.cursor));
    DataMatterList list;
    for (const auto& one : found.items) {
      JX_TRY(view, data_matter_view(call, tx, one));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
