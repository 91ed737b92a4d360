// acknowledge_delivery.cpp - POST /api/v1/deliveries/{delivery}/acknowledge (operation acknowledgeDelivery): the consumer has it whole.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer acknowledge_delivery(Call& call) {
  return act_on_delivery(call, Over::consumer, [&](db::Tx& tx, const exchange::DeliveryId& id) -> Result<ledger::EntryId> {
    return exchange::acknowledge(tx, call.ctx, id);
  });
}

}  // namespace jx::api
