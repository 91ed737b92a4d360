// recall_delivery.cpp - POST /api/v1/deliveries/{delivery}/recall (operation recallDelivery): for the provider and the data authority, with the
// cause (GB/T 39477).
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer recall_delivery(Call& call) {
  return act_on_delivery(call, Over::provider, [&](db::Tx& tx, const exchange::DeliveryId& id) -> Result<ledger::EntryId> {
    JX_TRY(reason, reason_of(call));
    return exchange::recall(tx, call.ctx, id, reason);
  });
}

}  // namespace jx::api
