// delivery_views.hpp - what the API answers about deliveries: schemas of api/openapi.yaml as structs.
#pragma once
#include "sharing_views.hpp"

#include <jx/exchange/deliveries.hpp>
#include <jx/exchange/push.hpp>

namespace jx::api {

struct DeliveryPartView {
  std::int64_t part = 1, records = 0, bytes = 0;
  std::string sha256;  // hexadecimal
};
BOOST_DESCRIBE_STRUCT(DeliveryPartView, (), (part, records, bytes, sha256))

/// How sending it to the consumer's address stands.
struct PushView {
  exchange::PushState state = exchange::PushState::waiting;
  std::string to;  // scheme, host and port of the address
  std::int64_t sent = 0, parts = 0;
  int attempts = 0;
  std::optional<Instant> next_at, last_at;
  std::optional<LocalizedText> said;
};
BOOST_DESCRIBE_STRUCT(PushView, (), (state, to, sent, parts, attempts, next_at, last_at, said))

struct DeliveryView {
  exchange::DeliveryId id;
  GrantId grant;
  ResourceId resource;
  LocalizedText resource_name;
  UnitName provider, consumer;
  ProgrammeId programme;
  exchange::DeliveryKind kind = exchange::DeliveryKind::snapshot;
  exchange::DeliveryFormat format = exchange::DeliveryFormat::ndjson;
  std::optional<exchange::DeliveryId> base;
  std::optional<LocalDate> cycle;
  exchange::DeliveryState state = exchange::DeliveryState::ordered;
  Instant ordered_at;
  int attempts = 0;  // to make it
  std::optional<Instant> released_at, expires_at, acknowledged_at, recalled_at, destroyed_at;
  std::int64_t records = 0, bytes = 0;
  int resends = 0;
  std::optional<UsageId> usage;                        // under which the use is on record
  std::optional<std::string> reason;                   // of the recall
  std::optional<std::string> note;                     // of the destruction
  std::optional<LocalizedText> why;                    // it failed
  std::optional<std::vector<DeliveryPartView>> parts;  // of one delivery alone
  std::optional<PushView> push;
};
BOOST_DESCRIBE_STRUCT(DeliveryView, (),
                      (id, grant, resource, resource_name, provider, consumer, programme, kind, format, base, cycle, state, ordered_at, attempts,
                       released_at, expires_at, acknowledged_at, recalled_at, destroyed_at, records, bytes, resends, usage, reason, note, why, parts,
                       push))

struct SubscriptionView {
  GrantId grant;
  exchange::DeliveryCycle every = exchange::DeliveryCycle::daily;
  std::int64_t unacknowledged = 0;
  bool held_back = false;
};
BOOST_DESCRIBE_STRUCT(SubscriptionView, (), (grant, every, unacknowledged, held_back))

struct DeliveryList {
  std::vector<DeliveryView> items;
  std::vector<SubscriptionView> subscriptions;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(DeliveryList, (), (items, subscriptions, next))

[[nodiscard]] Result<DeliveryView> delivery_view(db::Tx& tx, const exchange::Delivery& delivery, bool with_parts);
/// The delivery of the path, where the caller stands on that side of its grant. Errors: those of require_over().
/// Does `act` to the delivery of the path, for who is `over` it, and answers it as it is then; the worker is told.
[[nodiscard]] Call::Answer act_on_delivery(Call& call, Over over,
                                           const std::function<Result<ledger::EntryId>(db::Tx& tx, const exchange::DeliveryId& id)>& act);
/// The reason that the body gives. Errors: those of a body.
[[nodiscard]] Result<std::string> reason_of(const Call& call);
[[nodiscard]] Result<exchange::Delivery> own_delivery(Call& call, db::Tx& tx, Over over);

}  // namespace jx::api
