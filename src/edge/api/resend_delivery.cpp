// resend_delivery.cpp - POST /api/v1/deliveries/{delivery}/resend (operation resendDelivery): the consumer needs it once more.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {
Call::Answer resend_delivery(Call& call) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(before, own_delivery(call, tx, Over::consumer));
    JX_CHECK(exchange::resend(tx, call.ctx, call.today(), before.id));
    JX_TRY(after, exchange::delivery(tx, before.id));
    JX_TRY(view, delivery_view(tx, after, false));
    return ok(view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
