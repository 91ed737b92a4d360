// push_delivery.cpp - POST /api/v1/deliveries/{delivery}/push (operation pushDelivery): sending to the consumer's address is tried again now.
#include "delivery_views.hpp"
#include "handlers.hpp"

#include <jx/exchange/push.hpp>

namespace jx::api {

Call::Answer push_delivery(Call& call) {
  return act_on_delivery(call, Over::consumer, [&](db::Tx& tx, const exchange::DeliveryId& id) { return exchange::push_again(tx, call.ctx, id); });
}

}  // namespace jx::api
