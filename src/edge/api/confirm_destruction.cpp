// confirm_destruction.cpp - POST /api/v1/deliveries/{delivery}/confirm-destruction (operation confirmDestruction): by the consumer, with how (art.
// 27).
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer confirm_destruction(Call& call) {
  return act_on_delivery(call, Over::consumer, [&](db::Tx& tx, const exchange::DeliveryId& id) -> Result<ledger::EntryId> {
    JX_TRY(how, reason_of(call));
    return exchange::confirm_destruction(tx, call.ctx, id, how);
  });
}

}  // namespace jx::api
