// acknowledge_delivery.cpp - POST /api/v1/deliveries/{delivery}/acknowledge (operation acknowledgeDelivery): the consumer has it whole.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {
Call::Answer acknowledge_delivery(Call& call) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(before, own_delivery(call, tx, Over::consumer));
    JX_CHECK(exchange::acknowledge(tx, call.ctx, before.id));
    JX_TRY(after, exchange::delivery(tx, before.id));
    JX_TRY(view, delivery_view(tx, after, false));
    return ok(view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
