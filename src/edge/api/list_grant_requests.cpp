// list_grant_requests.cpp - GET /api/v1/grant-requests (operation listGrantRequests): what one's unit has asked for and what it is asked for, newest
// first.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_grant_requests(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.read"));
    JX_CHECK(require_unit(call));
    JX_TRY(page, call.page());
    JX_TRY(found, sharing::asked_of(tx, call.ctx.actor.unit, page.limit, page.cursor));
    AskedList list;
    for (const auto& one : found.items) {
      JX_TRY(view, asked_view(call, tx, one));
      list.items.push_back(std::move(view));
    }
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
