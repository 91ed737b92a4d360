// recall_delivery.cpp - POST /api/v1/deliveries/{delivery}/recall (operation recallDelivery): for the provider and the data authority, with the
// cause (GB/T 39477).
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {
namespace {

struct Reason {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (reason))

}  // namespace

Call::Answer recall_delivery(Call& call) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(before, own_delivery(call, tx, Over::provider));
    JX_TRY(wanted, call.body<Reason>());
    JX_CHECK(exchange::recall(tx, call.ctx, before.id, wanted.reason));
    JX_TRY(after, exchange::delivery(tx, before.id));
    JX_TRY(view, delivery_view(tx, after, false));
    return ok(view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
