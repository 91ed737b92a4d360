// fees.cpp - fees of a case: recorded as due, recorded as paid.
#include <jx/services/results.hpp>

#include "services_sql.hpp"

#include <jx/cases/record.hpp>
#include <jx/services.hpp>

#include <algorithm>

namespace jx::services {
namespace {

constexpr std::size_t receipt_bytes_max = 100, fee_name_bytes_max = 400;

const ledger::StateTable& fee_table() { return *std::ranges::find(state_tables(), std::string_view("services.fee"), &ledger::StateTable::name); }

Result<Fee> fee_of(const db::Row& row) {
  Fee fee;
  fee.id = row.id<FeeId>(0);
  fee.case_id = row.id<CaseId>(1);
  fee.item = row.key<ItemId>(2);
  JX_TRY(name, wire::decode<LocalizedText>(row.text(3)));
  fee.name = std::move(name);
  fee.amount = row.integer(4);
  fee.currency = row.text(5);
  fee.awaited = row.text(6);
  fee.due_at = row.instant(7);
  fee.unit = row.key<UnitId>(8);
  if (!row.null(10)) fee.paid_at = row.instant(10);
  fee.way = wire::enum_of<PayWay>(row.text(11));
  fee.receipt = row.text(12);
  fee.paid_unit = row.key<UnitId>(13);
  if (!row.null(15)) {
    JX_TRY(by, LocalDate::parse(row.text(15)));
    fee.pay_by = by;
  }
  return fee;
}

messages::NewMessage message_about(const cases::CaseSummary& summary, messages::Kind kind, std::string detail) {
  messages::NewMessage message{summary.applicant, kind, summary.id, summary.item, {}, {}};
  message.facts.number = summary.number;
  message.facts.detail = std::move(detail);
  return message;
}

Result<> note(db::Tx& tx, const Context& ctx, cases::Engine& engine, const Fee& fee, cases::Beside what, std::string detail, const char* kind) {
  JX_TRY(state, ledger::state_of(tx, fee_table(), fee.id));
  cases::Record entry;
  entry.what = what;
  entry.detail = std::move(detail);
  entry.kind = kind;
  entry.body = {{"fee", fee.id.text()}, {"amount", fee.amount}, {"currency", fee.currency}};
  entry.state.push_back(std::move(state));
  JX_CHECK(cases::record(engine, tx, ctx, fee.case_id, std::move(entry), cases::Closed::allowed));
  return {};
}

Result<FeeId> put_fee(db::Tx& tx, const Context& ctx, cases::Engine& engine, const cases::CaseSummary& summary, const NewFee& wanted,
                      const std::string& currency, const std::string& awaited, std::optional<LocalDate> by) {
  Fee fee;
  fee.id = FeeId::make(ctx.clock, ctx.random);
  fee.case_id = summary.id;
  fee.amount = wanted.amount;
  fee.currency = currency;
  std::optional<AccountId> account;
  if (awaited.empty()) account = ctx.actor.account;
  JX_CHECK(tx.run(sql::fee_insert, fee.id, fee.case_id, summary.item, wire::encode(wanted.name), fee.amount, currency, awaited, ctx.now(),
                  awaited.empty() ? ctx.actor.unit : UnitId(), account, by));
  const auto amount = money(fee.amount, currency);
  JX_CHECK(note(tx, ctx, engine, fee, cases::Beside::fee_due, amount, "fee.due"));
  auto message = message_about(summary, messages::Kind::fee_due, amount);
  message.facts.on = by;
  JX_CHECK(messages::post(tx, ctx, message));
  return fee.id;
}

/// How many of 10 an amount's minor unit is, as a power: 2 but for the few currencies that have none.
int places_of(std::string_view currency) { return currency == "JPY" || currency == "KRW" || currency == "VND" ? 0 : 2; }

}  // namespace

std::string money(std::int64_t amount, std::string_view currency) {
  const auto places = places_of(currency);
  const std::int64_t unit = places == 2 ? 100 : 1;
  auto whole = std::to_string(amount / unit);
  for (auto at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3) whole.insert(static_cast<std::size_t>(at), ",");
  if (places == 2) {
    const auto rest = std::to_string(amount % unit);
    whole += (rest.size() < 2 ? ".0" : ".") + rest;
  }
  return whole + " " + std::string(currency);
}

Result<std::vector<Fee>> fees_of(db::Tx& tx, CaseId id) {
  JX_TRY(rows, tx.all(sql::fees_of, id));
  std::vector<Fee> list;
  for (const auto& row : rows) {
    JX_TRY(fee, fee_of(row));
    list.push_back(std::move(fee));
  }
  return list;
}

Result<FeeId> record_fee(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const NewFee& fee,
                         const std::optional<CounterFile>& counter) {
  if (!counter)
    return fail(ErrorCode::conflict, {"the pack takes no fees: its counter.yaml names the currency", "配置包未设置收费币种（counter.yaml）"});
  if (fee.amount <= 0 || fee.amount > fee_amount_max)
    return fail(ErrorCode::invalid, {"an amount is above nothing and at most 1,000,000,000", "金额应大于0且不超过10亿"}, "/amount");
  if (fee.name.empty() || wire::encode(fee.name).size() > fee_name_bytes_max)
    return fail(ErrorCode::invalid, {"say what the fee is for, in at most 400 octets", "请写明收费项目，不超过400字节"}, "/name");
  JX_TRY(summary, engine.summary(tx, id));
  if (summary.closed_at) return fail(ErrorCode::conflict, {"the case is concluded", "该办件已办结"});
  JX_TRY(before, fees_of(tx, id));
  if (before.size() >= fees_max) return fail(ErrorCode::limited, {"a case has at most 50 fees", "每个办件不超过50项收费"});
  return put_fee(tx, ctx, engine, summary, fee, counter->currency, "", std::nullopt);
}

bool has_fees(const Item& item) {
  if (!item.charges || !item.charges->charged || !item.charges->items) return false;
  return std::ranges::any_of(*item.charges->items, [](const Charge& charge) { return charge.amount.has_value(); });
}

Result<std::optional<LocalDate>> pay_by(const Item& item, const calendar::Calendar& calendar, LocalDate today) {
  if (!item.charges || !item.charges->pay_within_wd) return std::nullopt;
  JX_TRY(term, calendar.add_working_days(today, *item.charges->pay_within_wd));
  return term.due_on;
}

Result<> record_item_fees(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const Item& item, const std::string& awaited,
                          std::optional<LocalDate> by, const CounterFile& counter) {
  JX_TRY(summary, engine.summary(tx, id));
  for (const auto& charge : item.charges->items.value_or(std::vector<Charge>())) {
    if (charge.amount && *charge.amount > 0)
      JX_CHECK(put_fee(tx, ctx, engine, summary, {charge.name, *charge.amount}, counter.currency, awaited, by));
  }
  return {};
}

Result<> pay_fee(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId of, FeeId id, const Payment& payment) {
  JX_TRY(row, tx.one(sql::fee_one, id));
  if (!row || row->id<CaseId>(1) != of) return fail(ErrorCode::not_found, {"the case has no such fee", "该办件没有此项收费"});
  JX_TRY(fee, fee_of(*row));
  if (payment.receipt.find_first_not_of(" \t\r\n") == std::string::npos || payment.receipt.size() > receipt_bytes_max)
    return fail(ErrorCode::invalid, {"name the receipt by its number, in at most 100 octets", "请填写票据号，不超过100字节"}, "/receipt");
  JX_TRY(summary, engine.summary(tx, of));
  if (fee.lapsed(summary.closed_at.has_value()))
    return fail(ErrorCode::conflict, {"the case is concluded, and this fee is no longer due", "该办件已办结，此项费用无需再缴"});
  JX_TRY(paid, tx.run(sql::fee_paid, id, ctx.now(), wire::name_of(payment.way), payment.receipt, ctx.actor.unit, ctx.actor.account));
  if (paid == 0) return fail(ErrorCode::conflict, {"this fee was paid already", "该项费用已缴"});
  const auto amount = money(fee.amount, fee.currency);
  JX_CHECK(note(tx, ctx, engine, fee, cases::Beside::fee_paid, amount + "\n" + payment.receipt, "fee.paid"));
  JX_CHECK(messages::post(tx, ctx, message_about(summary, messages::Kind::fee_paid, amount)));
  JX_TRY(all, fees_of(tx, of));
  const bool waits = std::ranges::any_of(all, [](const Fee& one) { return !one.awaited.empty() && !one.paid_at; });
  if (fee.awaited.empty() || waits) return {};
  const auto heard = engine.message(tx, ctx, fee_message, fee.awaited, {});
  if (!heard && heard.error().code != ErrorCode::not_found) return std::unexpected(heard.error());
  return {};
}

Result<std::vector<FeeTotal>> fee_totals(db::Tx& tx, const ItemId& item, Instant since) {
  JX_TRY(rows, tx.all(sql::fees_total, item, since));
  std::vector<FeeTotal> totals;
  for (const auto& row : rows) totals.push_back({row.text(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)});
  return totals;
}

}  // namespace jx::services
