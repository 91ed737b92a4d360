#include "delivery_views.hpp"

namespace jx::api {

namespace {

/// Without the path of the address, which may hold a word that only the receiver is to know.
std::string origin_of(const std::string& url) { return url.substr(0, url.find('/', url.find("://") + 3)); }

Result<std::optional<PushView>> push_view(db::Tx& tx, const exchange::Delivery& delivery) {
  JX_TRY(progress, exchange::push_progress(tx, delivery.id));
  if (!progress) return std::optional<PushView>();
  JX_TRY(grant, exchange::grant(tx, LocalDate(), delivery.grant));
  PushView view;
  view.state = progress->state;
  if (grant.grant.delivery) view.to = origin_of(grant.grant.delivery->push.value_or(""));
  view.sent = progress->sent;
  view.parts = delivery.parts;
  view.attempts = progress->attempts;
  view.next_at = progress->next_at;
  view.last_at = progress->last_at;
  if (progress->said) view.said = localized(*progress->said);
  return std::optional(std::move(view));
}

}  // namespace

Result<DeliveryView> delivery_view(db::Tx& tx, const exchange::Delivery& delivery, bool with_parts) {
  JX_TRY(resource, catalogue::resource_as_it_was(tx, delivery.resource));
  JX_TRY(provider, unit_name(tx, delivery.provider));
  JX_TRY(consumer, unit_name(tx, delivery.consumer));
  DeliveryView view;
  view.id = delivery.id;
  view.grant = delivery.grant;
  view.resource = delivery.resource;
  view.resource_name = resource.name;
  view.provider = std::move(provider);
  view.consumer = std::move(consumer);
  view.programme = delivery.programme;
  view.kind = delivery.kind;
  view.format = delivery.format;
  view.base = delivery.base;
  view.cycle = delivery.cycle;
  view.state = delivery.state;
  view.ordered_at = delivery.ordered_at;
  view.attempts = delivery.attempts;
  view.released_at = delivery.released_at;
  view.expires_at = delivery.expires_at;
  view.acknowledged_at = delivery.acknowledged_at;
  view.recalled_at = delivery.recalled_at;
  view.destroyed_at = delivery.destroyed_at;
  view.records = delivery.records;
  view.bytes = delivery.bytes;
  view.resends = delivery.resends;
  if (delivery.released_at) view.usage = delivery.usage;
  view.reason = present(delivery.recall_reason);
  view.note = present(delivery.destroyed_note);
  if (delivery.why) view.why = localized(*delivery.why);
  JX_TRY(push, push_view(tx, delivery));
  view.push = std::move(push);
  if (!with_parts) return view;
  JX_TRY(parts, exchange::delivery_parts(tx, delivery.id));
  view.parts.emplace();
  for (const auto& part : parts) view.parts->push_back({part.part, part.records, part.bytes, to_hex(part.sha256)});
  return view;
}

Result<exchange::Delivery> own_delivery(Call& call, db::Tx& tx, Over over) {
  JX_TRY(id, call.path<exchange::DeliveryId>("delivery"));
  JX_TRY(found, exchange::delivery(tx, id));
  JX_TRY(grant, exchange::grant_record(tx, call.today(), found.grant));
  auto allowed = require_over(call, tx, grant, over);
  if (!allowed && allowed.error().code == ErrorCode::not_found) return fail(ErrorCode::not_found, {"there is no such delivery", "没有该项交付"});
  JX_CHECK(allowed);
  return found;
}

Result<std::string> reason_of(const Call& call) {
  JX_TRY(body, call.body<Reason>());
  return std::move(body.reason);
}

Call::Answer act_on_delivery(Call& call, Over over, const std::function<Result<ledger::EntryId>(db::Tx& tx, const exchange::DeliveryId& id)>& act) {
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(before, own_delivery(call, tx, over));
    JX_CHECK(act(tx, before.id));
    JX_TRY(after, exchange::delivery(tx, before.id));
    JX_TRY(view, delivery_view(tx, after, false));
    return ok(view);
  });
  if (answer) call.deps.deliveries.wake();
  return answer;
}

}  // namespace jx::api
