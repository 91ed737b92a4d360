// download_delivery.cpp - GET /api/v1/deliveries/{delivery}/parts/{part} (operation downloadDelivery): a part, whole or a range of it, for the
// officer of the consumer. It is asked for each part whether the delivery may still be downloaded.
#include "delivery_views.hpp"
#include "handlers.hpp"

#include <charconv>

namespace jx::api {

Call::Answer download_delivery(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, own_delivery(call, tx, Over::consumer));
    const auto text = call.request.param("part");
    std::int64_t part = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc() || end != text.data() + text.size())
      return fail(ErrorCode::not_found, {"the delivery has no such part", "该交付没有这一部分"});
    JX_TRY(file, call.deps.deliveries.file(tx, found.id, part));
    const bool csv = found.format == exchange::DeliveryFormat::csv;
    const auto name = found.grant.text() + "-" + found.id.text() + "-" + std::to_string(part) + (csv ? ".csv" : ".ndjson");
    return http::file(std::move(file), csv ? "text/csv" : "application/x-ndjson", name).with("Cache-Control", "private, no-store");
  });
}

}  // namespace jx::api
