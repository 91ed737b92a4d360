// resend_delivery.cpp - POST /api/v1/deliveries/{delivery}/resend (operation resendDelivery): the consumer needs it once more.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer resend_delivery(Call& call) {
  return act_on_delivery(call, Over::consumer, [&](db::Tx& tx, const exchange::DeliveryId& id) -> Result<ledger::EntryId> {
    return exchange::resend(tx, call.ctx, call.today(), id);
  });
}

}  // namespace jx::api
