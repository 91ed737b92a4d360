#include <jx/exchange/delays.hpp>
#include <jx/exchange/grants.hpp>

#include "exchange_sql.hpp"
#include "grants.hpp"
#include "usage_rows.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

constexpr Micros longest{std::int64_t{delay_days_max} * 86'400'000'000};

const ledger::StateTable& delay_table() { return *std::ranges::find(state_tables(), "exchange.delay", &ledger::StateTable::name); }

Result<> check_reason(std::string_view reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string_view::npos || reason.size() > note_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由（不超过2000字节）"}, "/reason");
  return {};
}

Result<Delay> decode_delay(const db::Row& row) {
  Delay out;
  out.id = row.id<DelayId>(0);
  out.grant = row.key<GrantId>(1);
  if (!row.null(2)) {
    JX_TRY(matter, Uuid::from_bytes(row.bytes(2)));
    out.matter = matter;
  }
  out.unit = row.key<UnitId>(3);
  out.until = row.instant(4);
  JX_TRY(law, wire::decode<std::vector<LawReference>>(row.text(5)));
  out.law = std::move(law);
  out.reason = row.text(6);
  out.asked_at = row.instant(7);
  out.asked_by = row.id<AccountId>(8);
  if (!row.null(9)) out.decided_at = row.instant(9);
  if (!row.null(11)) out.approved = row.integer(11) != 0;
  out.decision = row.text(12);
  if (!row.null(13)) out.ended_at = row.instant(13);
  return out;
}

Result<std::vector<Delay>> decode_all(const std::vector<db::Row>& rows) {
  std::vector<Delay> list;
  for (const auto& row : rows) {
    JX_TRY(one, decode_delay(row));
    list.push_back(std::move(one));
  }
  return list;
}

/// Reasons of an investigation stay in the table, which the ledger vouches for; its entry tells none.
Result<ledger::EntryId> record(db::Tx& tx, const Context& ctx, std::string kind, const DelayId& id, const GrantId& grant) {
  JX_TRY(state, ledger::state_of(tx, delay_table(), id));
  return ledger::append(tx, ctx, {std::move(kind), {ledger::subject("grant", grant)}, {{"delay", id.text()}}, {std::move(state)}});
}

bool covers(const Delay& delay, const Usage& usage) {
  return delay.approved == true && delay.grant == usage.grant && usage.at >= delay.asked_at && (!delay.matter || delay.matter == usage.matter);
}

}  // namespace

bool Delay::hides(const Usage& usage, Instant now) const { return covers(*this, usage) && !ended_at && now < until; }
bool Delay::hid(const Usage& usage, Instant now) const {
  return covers(*this, usage) && usage.at < ended_at.value_or(until) && (ended_at || now >= until);
}

Result<DelayId> ask_delay(db::Tx& tx, const Context& ctx, const DelayWish& wish) {
  JX_TRY(grant, grant_row(tx, wish.grant));
  if (grant.grant.consumer != ctx.actor.unit)
    return fail(ErrorCode::forbidden, {"the grant was not given to your unit", "该授权不属于本单位"}, "/grant");
  JX_CHECK(check_reason(wish.reason));
  if (wish.law.empty()) return fail(ErrorCode::invalid, {"name the law by which the person is told later", "请写明延期告知的法律依据"}, "/law");
  if (wish.until <= ctx.now() || wish.until > ctx.now() + longest)
    return fail(ErrorCode::invalid, {"it ends within 180 days from now; a longer one is asked for anew", "期限应在180天以内，需要延长的另行申请"},
                "/until");
  const auto id = DelayId::make(ctx.clock, ctx.random);
  std::optional<ByteView> matter;
  if (wish.matter) matter = wish.matter->bytes();
  JX_CHECK(tx.run(sql::delay_insert, id, wish.grant, matter, ctx.actor.unit, wish.until, wire::encode(wish.law), wish.reason, ctx.now(),
                  ctx.actor.account));
  JX_CHECK(record(tx, ctx, "exchange.delay-asked", id, wish.grant));
  return id;
}

Result<ledger::EntryId> decide_delay(db::Tx& tx, const Context& ctx, const DelayId& id, const PersonId& asker, bool approve,
                                     std::string_view reason) {
  JX_TRY(before, delay(tx, id));
  const bool herself = before.asked_by == ctx.actor.account || (!asker.nil() && asker == ctx.actor.person);
  if (before.unit == ctx.actor.unit || herself)
    return fail(ErrorCode::forbidden, {"another unit than the one that asks decides", "应由申请单位以外的单位审批"});
  if (before.approved || before.ended_at) return fail(ErrorCode::conflict, {"it was decided before", "该申请已审批"});
  if (before.until <= ctx.now()) return fail(ErrorCode::conflict, {"its time is over: it would hide nothing", "申请的期限已过"});
  JX_CHECK(check_reason(reason));
  JX_CHECK(tx.run(sql::delay_decide, id, ctx.now(), ctx.actor.account, approve ? 1 : 0, reason));
  return record(tx, ctx, approve ? "exchange.delay-approved" : "exchange.delay-refused", id, before.grant);
}

Result<ledger::EntryId> end_delay(db::Tx& tx, const Context& ctx, const DelayId& id, std::string_view reason) {
  JX_TRY(before, delay(tx, id));
  if (before.ended_at || before.approved == false || before.until <= ctx.now())
    return fail(ErrorCode::conflict, {"it is not in force", "该延期告知未生效或已结束"});
  JX_CHECK(check_reason(reason));
  JX_CHECK(tx.run(sql::delay_end, id, ctx.now(), reason));
  return record(tx, ctx, "exchange.delay-ended", id, before.grant);
}

Result<Delay> delay(db::Tx& tx, const DelayId& id) {
  JX_TRY(row, tx.one(sql::delay_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such delayed disclosure", "没有该项延期告知"});
  return decode_delay(*row);
}

Result<std::vector<Delay>> delays(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::delay_list));
  return decode_all(rows);
}

Result<std::vector<Delay>> delays_of(db::Tx& tx, const GrantId& grant) {
  JX_TRY(rows, tx.all(sql::delays_of_grant, grant));
  return decode_all(rows);
}

Result<std::map<Uuid, std::int64_t>> reads_between(db::Tx& tx, Instant from, Instant until, Instant now) {
  JX_TRY(ids, ids_between(tx, from, until));
  std::map<Uuid, std::int64_t> counts;
  JX_CHECK(tx.each(
      sql::reads_between,
      [&](db::Row&& row) -> Result<> {
        JX_TRY(id, Uuid::from_bytes(row.bytes(0)));
        ++counts[id];
        return {};
      },
      ids.first, ids.second, now, from, until));
  return counts;
}

}  // namespace jx::exchange
