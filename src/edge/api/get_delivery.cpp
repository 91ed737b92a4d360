// get_delivery.cpp - GET /api/v1/deliveries/{delivery} (operation getDelivery): with its parts and their hashes, for both sides.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer get_delivery(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, own_delivery(call, tx, Over::either));
    JX_TRY(view, delivery_view(tx, found, true));
    return ok(view);
  });
}

}  // namespace jx::api
