// confirm_destruction.cpp - POST /api/v1/deliveries/{delivery}/confirm-destruction (operation confirmDestruction): by the consumer, with how (art.
// 27).
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {
namespace {

struct Reason {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (reason))

}  // namespace

Call::Answer confirm_destruction(Call& call) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(before, own_delivery(call, tx, Over::consumer));
    JX_TRY(wanted, call.body<Reason>());
    JX_CHECK(exchange::confirm_destruction(tx, call.ctx, before.id, wanted.reason));
    JX_TRY(after, exchange::delivery(tx, before.id));
    JX_TRY(view, delivery_view(tx, after, false));
    return ok(view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
