// order_delivery.cpp - POST /api/v1/grants/{grant}/deliveries (operation orderDelivery): by an officer of the consumer; a worker makes it.
#include "delivery_views.hpp"
#include "handlers.hpp"

#include <boost/json/value.hpp>

namespace jx::api {

namespace {

struct Order {
  ProgrammeId programme;
  exchange::DeliveryKind kind = exchange::DeliveryKind::snapshot;
  std::optional<boost::json::value> filter;
};
BOOST_DESCRIBE_STRUCT(Order, (), (programme, kind, filter))

}  // namespace

Call::Answer order_delivery(Call& call) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(grant, call.path<GrantId>("grant"));
    JX_TRY(wanted, call.body<Order>());
    JX_TRY(record, exchange::grant_record(tx, call.today(), grant));
    JX_CHECK(require_over(call, tx, record, Over::consumer));
    JX_TRY(ordered, exchange::order_delivery(tx, call.ctx, call.today(), {grant, wanted.programme, wanted.kind, std::move(wanted.filter)}));
    JX_TRY(view, delivery_view(tx, ordered, false));
    return created("/api/v1/deliveries/" + ordered.id.text(), view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
