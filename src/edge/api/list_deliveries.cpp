// list_deliveries.cpp - GET /api/v1/deliveries (operation listDeliveries): those that one's unit gets or that are made of its data,
// those of one grant, or everybody's.
#include "delivery_views.hpp"
#include "handlers.hpp"

namespace jx::api {

Call::Answer list_deliveries(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(page, call.page());
    JX_TRY(unit, whose_grants(call, tx));
    JX_TRY(named, call.query("grant"));
    exchange::DeliveriesOf whose{unit, {}};
    if (named) {
      JX_TRY(grant, GrantId::parse(*named));
      JX_TRY(record, exchange::grant_record(tx, call.today(), grant));
      JX_CHECK(require_over(call, tx, record, Over::either));
      whose.grant = grant;
    }
    JX_TRY(found, exchange::deliveries_of(tx, whose, page.limit, page.cursor));
    JX_TRY(subscriptions, exchange::subscriptions_of(tx, call.today(), unit));
    DeliveryList list;
    for (const auto& delivery : found.items) {
      JX_TRY(view, delivery_view(tx, delivery, false));
      list.items.push_back(std::move(view));
    }
    for (const auto& one : subscriptions) list.subscriptions.push_back({one.grant, one.every, one.unacknowledged, one.held_back});
    list.next = present(found.next);
    return ok(list);
  });
}

}  // namespace jx::api
