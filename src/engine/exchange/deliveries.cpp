// deliveries.cpp - what officers do to deliveries. Each is one entry of the ledger, with the rows that it leaves.
#include "deliveries.hpp"

#include "exchange_sql.hpp"

#include <jx/catalogue/resources.hpp>
#include <jx/exchange/grants.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

std::unexpected<Error> none() { return fail(ErrorCode::not_found, {"there is no such delivery", "没有该项交付"}); }

Result<> check_reason(std::string_view reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string_view::npos || reason.size() > note_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由（不超过2000字节）"}, "/reason");
  return {};
}

template <class T>
std::optional<T> maybe(const db::Row& row, std::size_t column, T (db::Row::*read)(std::size_t) const) {
  return row.null(column) ? std::nullopt : std::optional<T>((row.*read)(column));
}

/// Errors: forbidden, invalid, too_large.
Result<std::string> filter_text(const Grant& grant, const std::optional<boost::json::value>& filter) {
  if (!filter) return std::string();
  JX_TRY(parsed, parse_filter(*filter));
  JX_CHECK(check_filter(grant, parsed));
  auto text = boost::json::serialize(*filter);
  if (text.size() > filter_bytes_max) return fail(ErrorCode::too_large, {"the filter is too long", "筛选条件过长"}, "/filter");
  return text;
}

Result<> check_order(const Context& ctx, const Basis& basis, const DeliveryOrder& order) {
  if (basis.grant.consumer != ctx.actor.unit) return refuse({"the grant was not given to your unit", "该授权不属于本单位"});
  if (basis.grant.programme != order.programme) return refuse({"the grant is for another programme", "该授权用于另一项工作，用途不符"});
  if (order.kind == DeliveryKind::snapshot) return {};
  if (!basis.grant.delivery->changes) return refuse({"the grant is for whole snapshots only", "该授权仅限全量交付"});
  if (order.filter) return fail(ErrorCode::invalid, {"changes take the filter of what they are since", "变更交付沿用上次交付的筛选条件"}, "/filter");
  return {};
}

}  // namespace

const ledger::StateTable& delivery_table() { return state_tables()[6]; }
const ledger::StateTable& delivery_part_table() { return state_tables()[7]; }

Result<Delivery> decode_delivery(const db::Row& row) {
  Delivery d;
  d.id = row.id<DeliveryId>(0);
  d.grant = row.key<GrantId>(1);
  d.resource = row.key<ResourceId>(2);
  d.consumer = row.key<UnitId>(3);
  d.provider = row.key<UnitId>(4);
  d.programme = row.key<ProgrammeId>(5);
  d.kind = wire::enum_of<DeliveryKind>(row.text(6)).value_or(DeliveryKind::snapshot);
  d.format = wire::enum_of<DeliveryFormat>(row.text(7)).value_or(DeliveryFormat::ndjson);
  if (!row.null(8)) d.base = row.id<DeliveryId>(8);
  d.filter = row.text(9);
  if (!row.text(10).empty()) {
    JX_TRY(cycle, LocalDate::parse(row.text(10)));
    d.cycle = cycle;
  }
  d.state = wire::enum_of<DeliveryState>(row.text(11)).value_or(DeliveryState::failed);
  d.ordered_at = row.instant(12);
  d.released_at = maybe(row, 13, &db::Row::instant);
  d.expires_at = maybe(row, 14, &db::Row::instant);
  d.records = row.integer(15);
  d.bytes = row.integer(16);
  d.parts = row.integer(17);
  d.usage = row.id<UsageId>(18);
  d.acknowledged_at = maybe(row, 19, &db::Row::instant);
  d.resends = static_cast<int>(row.integer(20));
  d.recalled_at = maybe(row, 21, &db::Row::instant);
  d.recall_reason = row.text(22);
  d.destroyed_at = maybe(row, 23, &db::Row::instant);
  d.destroyed_note = row.text(24);
  if (!row.text(25).empty()) {
    JX_TRY(why, wire::decode<Words>(row.text(25)));
    d.why = std::move(why);
  }
  d.key = row.text(26);
  d.attempts = static_cast<int>(row.integer(27));
  return d;
}

Result<Basis> delivery_basis(db::Tx& tx, LocalDate today, const GrantId& id) {
  JX_TRY(row, tx.one(sql::grant_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"}, "/grant");
  Basis basis;
  basis.grant_text = row->text(0);
  JX_TRY(grant, wire::decode<Grant>(basis.grant_text));
  JX_CHECK(check_active({grant, !row->null(1), !row->null(2)}, today));
  if (!grant.delivery || !grant.programme) return refuse({"the grant is for calls and not for files", "该授权仅限接口调用，不含文件交付"});
  JX_TRY(programme, programme_of(tx, *grant.programme));
  JX_CHECK(check_period(programme, today));
  basis.grant = std::move(grant);
  auto resource = catalogue::resource_text(tx, basis.grant.resource);
  if (!resource && resource.error().code == ErrorCode::not_found)
    return refuse({"the resource has been withdrawn from the catalogue", "该数据资源已从目录撤下"});
  if (!resource) return std::unexpected(std::move(resource).error());
  basis.resource_text = std::move(*resource);
  JX_TRY(described, wire::decode<catalogue::Resource>(basis.resource_text));
  basis.resource = std::move(described);
  JX_TRY(source_text, catalogue::source_text(tx, basis.resource.source));
  basis.source_text = std::move(source_text);
  JX_TRY(source, wire::decode<catalogue::Source>(basis.source_text));
  basis.source = std::move(source);
  return basis;
}

Result<ledger::EntryId> record_delivery(db::Tx& tx, const Context& ctx, std::string kind, const Delivery& delivery, boost::json::object body,
                                        std::vector<ledger::StateHash> states) {
  JX_TRY(state, ledger::state_of(tx, delivery_table(), delivery.id));
  states.push_back(std::move(state));
  std::vector<std::string> subjects{ledger::subject("delivery", delivery.id), ledger::subject("grant", delivery.grant)};
  if (kind == "delivery.released") subjects.push_back(ledger::subject("usage", delivery.usage));  // which this entry alone tells of
  return ledger::append(tx, ctx, {std::move(kind), std::move(subjects), std::move(body), std::move(states)});
}

Result<std::optional<Base>> base_of(db::Tx& tx, const Basis& basis) {
  JX_TRY(row, tx.one(sql::delivery_base, basis.grant.id, wire::name_of(basis.grant.delivery->format), key_of(basis.grant, basis.resource)));
  if (!row) return std::optional<Base>();
  return std::optional(Base{row->id<DeliveryId>(0), row->text(1)});
}

Result<std::optional<Delivery>> put_order(db::Tx& tx, const Context& ctx, const Basis& basis, DeliveryKind kind, const std::string& filter,
                                          const std::optional<DeliveryId>& base, const std::optional<LocalDate>& cycle) {
  const auto& grant = basis.grant;
  const auto id = DeliveryId::make(ctx.clock, ctx.random);
  const auto usage = UsageId::make(ctx.clock, ctx.random);
  JX_TRY(put, tx.run(sql::delivery_insert, id, grant.id, grant.resource, grant.consumer, basis.resource.provider, *grant.programme,
                     wire::name_of(kind), wire::name_of(grant.delivery->format), base, filter, cycle ? cycle->text() : std::string(), ctx.now(),
                     usage, key_of(grant, basis.resource)));
  if (put == 0) return std::optional<Delivery>();
  JX_TRY(ordered, delivery(tx, id));
  boost::json::object body{{"grant", grant.id.text()},
                           {"resource", grant.resource.text()},
                           {"consumer", grant.consumer.text()},
                           {"provider", basis.resource.provider.text()},
                           {"programme", grant.programme->text()},
                           {"kind", wire::name_of(kind)}};
  if (cycle) body["cycle"] = cycle->text();
  JX_CHECK(record_delivery(tx, ctx, "delivery.ordered", ordered, std::move(body)));
  return std::optional(std::move(ordered));
}

Result<Delivery> order_delivery(db::Tx& tx, const Context& ctx, LocalDate today, const DeliveryOrder& order) {
  JX_TRY(basis, delivery_basis(tx, today, order.grant));
  JX_CHECK(check_order(ctx, basis, order));
  JX_TRY(filter, filter_text(basis.grant, order.filter));
  JX_TRY(waiting, tx.one(sql::deliveries_waiting, order.grant));
  JX_TRY(open, tx.one(sql::deliveries_unacknowledged, order.grant));
  if (waiting->integer(0) + open->integer(0) >= unacknowledged_max)
    return fail(ErrorCode::limited, {"three deliveries of this grant wait to be made or acknowledged: acknowledge, or wait for, one of them first",
                                     "该授权已有三项交付待生成或待确认，请先确认已有交付"});
  std::optional<DeliveryId> since;
  if (order.kind == DeliveryKind::changes) {
    JX_TRY(base, base_of(tx, basis));
    if (!base)
      return fail(ErrorCode::conflict,
                  {"there is no acknowledged delivery that changes could be since: order a snapshot", "没有已确认的交付可供比对，请先订购全量数据"});
    since = base->id;
    filter = base->filter;
  }
  JX_TRY(ordered, put_order(tx, ctx, basis, order.kind, filter, since, std::nullopt));
  return std::move(*ordered);
}

Result<Delivery> delivery(db::Tx& tx, const DeliveryId& id) {
  JX_TRY(row, tx.one(sql::delivery_one, id));
  return row ? decode_delivery(*row) : Result<Delivery>(none());
}

Result<std::vector<DeliveryPart>> delivery_parts(db::Tx& tx, const DeliveryId& id) {
  JX_TRY(rows, tx.all(sql::delivery_parts, id));
  std::vector<DeliveryPart> parts;
  for (const auto& row : rows) {
    DeliveryPart part{row.integer(0), row.integer(1), row.integer(2), {}};
    std::ranges::copy_n(row.bytes(3).begin(), static_cast<std::ptrdiff_t>(std::min(row.bytes(3).size(), part.sha256.size())), part.sha256.begin());
    parts.push_back(part);
  }
  return parts;
}

Result<DeliveryPage> deliveries_of(db::Tx& tx, const DeliveriesOf& whose, std::size_t limit, std::string_view cursor) {
  if (limit < 1 || limit > rows_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  Bytes before(16, 0xff);
  if (!cursor.empty()) {
    const auto id = DeliveryId::parse(cursor);
    if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
    before.assign(id->bytes().begin(), id->bytes().end());
  }
  JX_TRY(rows, whose.grant  ? tx.all(sql::deliveries_of_grant, *whose.grant, before, limit + 1)
               : whose.unit ? tx.all(sql::deliveries_of, *whose.unit, before, limit + 1)
                            : tx.all(sql::deliveries_all, before, limit + 1));
  DeliveryPage page;
  for (const auto& row : rows) {
    if (page.items.size() == limit) {
      page.next = page.items.back().id.text();
      break;
    }
    JX_TRY(one, decode_delivery(row));
    page.items.push_back(std::move(one));
  }
  return page;
}

Result<std::vector<Subscription>> subscriptions_of(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit) {
  JX_TRY(all, grants(tx, today, unit));
  std::vector<Subscription> list;
  for (const auto& view : all) {
    if (!view.grant.delivery || !view.grant.delivery->every) continue;
    JX_TRY(open, tx.one(sql::deliveries_unacknowledged, view.grant.id));
    list.push_back({view.grant.id, *view.grant.delivery->every, open->integer(0), open->integer(0) >= unacknowledged_max});
  }
  return list;
}

Result<ledger::EntryId> acknowledge(db::Tx& tx, const Context& ctx, const DeliveryId& id) {
  JX_TRY(found, delivery(tx, id));
  if (found.state != DeliveryState::released)
    return fail(ErrorCode::conflict, {"the delivery does not wait to be acknowledged", "该交付不在待确认状态"});
  JX_TRY(last, tx.one(sql::delivery_last_acknowledged, found.grant));
  const Instant at{std::max(ctx.now().micros, last->integer(0) + 1)};  // the last one is what changes are since: there is one last
  JX_CHECK(tx.run(sql::delivery_acknowledge, id, at));
  std::vector<ledger::StateHash> states;
  JX_TRY(overtaken, tx.all(sql::deliveries_overtaken, found.grant, id));
  boost::json::array superseded;
  for (const auto& row : overtaken) {
    const auto other = row.id<DeliveryId>(0);
    JX_CHECK(tx.run(sql::delivery_supersede, other));
    JX_TRY(state, ledger::state_of(tx, delivery_table(), other));
    states.push_back(std::move(state));
    superseded.emplace_back(other.text());
  }
  return record_delivery(tx, ctx, "delivery.acknowledged", found, {{"superseded", std::move(superseded)}}, std::move(states));
}

Result<ledger::EntryId> resend(db::Tx& tx, const Context& ctx, LocalDate today, const DeliveryId& id) {
  JX_TRY(found, delivery(tx, id));
  if (found.state != DeliveryState::acknowledged || found.destroyed_at)
    return fail(ErrorCode::conflict, {"only an acknowledged delivery whose files are kept is sent again", "仅已确认且文件仍在的交付可以重发"});
  JX_TRY(row, grant_row(tx, found.grant));
  JX_CHECK(check_active(row, today));
  JX_CHECK(tx.run(sql::delivery_resend, id, ctx.now() + std::chrono::days(delivery_days)));
  return record_delivery(tx, ctx, "delivery.resent", found, {});
}

Result<ledger::EntryId> recall(db::Tx& tx, const Context& ctx, const DeliveryId& id, std::string_view reason) {
  JX_CHECK(check_reason(reason));
  JX_TRY(found, delivery(tx, id));
  if (!found.released_at)
    return fail(ErrorCode::conflict, {"the delivery was never released: end or suspend its grant", "该交付尚未放行，可暂停或终止授权"});
  if (found.recalled_at) return fail(ErrorCode::conflict, {"the delivery was recalled before", "该交付已被召回"});
  if (found.destroyed_at) return fail(ErrorCode::conflict, {"the consumer has destroyed it already", "使用单位已确认销毁"});
  JX_CHECK(tx.run(sql::delivery_recall, id, ctx.now(), reason));
  return record_delivery(tx, ctx, "delivery.recalled", found, {{"reason", reason}});
}

Result<ledger::EntryId> confirm_destruction(db::Tx& tx, const Context& ctx, const DeliveryId& id, std::string_view note) {
  JX_CHECK(check_reason(note));
  JX_TRY(found, delivery(tx, id));
  if (!found.released_at)
    return fail(ErrorCode::conflict, {"the delivery was never released: there is nothing to destroy", "该交付尚未放行，无需销毁"});
  if (found.destroyed_at) return fail(ErrorCode::conflict, {"the destruction was confirmed before", "已确认销毁"});
  JX_CHECK(tx.run(sql::delivery_destroyed, id, ctx.now(), note));
  return record_delivery(tx, ctx, "delivery.destroyed", found, {{"note", note}});
}

}  // namespace jx::exchange
