// request_publication.cpp - POST /api/v1/resource-drafts/{resource}/submit (operation requestPublication): opens the case that examines it.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer request_publication(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(id, call.path<ResourceId>("resource"));
    JX_TRY(receipt, sharing::request_publication(tx, call.ctx, call.deps.cases, id));
    const ReceiptView view{receipt.id, receipt.number, receipt.entry, receipt.due_on, receipt.provisional};
    return created("/api/v1/grant-requests/" + receipt.id.text(), view);
  });
}

}  // namespace jx::api
