// request_grant.cpp - POST /api/v1/grant-requests (operation requestGrant): opens the case of a request (Order 809, art. 20).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer request_grant(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "exchange.request"));
    JX_CHECK(require_unit(call));
    JX_TRY(wanted, call.body<sharing::Request>({.bytes = resource_json_bytes_max}));
    JX_TRY(receipt, sharing::request(tx, call.ctx, call.deps.cases, wanted));
    const ReceiptView view{receipt.id, receipt.number, receipt.entry, receipt.due_on, receipt.provisional};
    return created("/api/v1/grant-requests/" + receipt.id.text(), view);
  });
}

}  // namespace jx::api
