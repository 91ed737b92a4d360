// results.cpp - how a result reaches the applicant, and fees (operations chooseResult, giveResult, recordFee, payFee).
#include "handlers.hpp"
#include "views_cases.hpp"

#include <algorithm>

namespace jx::api {

namespace {

struct FeeWish {
  std::string name;
  std::int64_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(FeeWish, (), (name, amount))

struct FeePayment {
  services::PayWay way = services::PayWay::counter;
  std::string receipt;
};
BOOST_DESCRIBE_STRUCT(FeePayment, (), (way, receipt))

struct ResultGiven {
  services::ResultState state = services::ResultState::posted;
  std::optional<std::string> carrier, tracking;
};
BOOST_DESCRIBE_STRUCT(ResultGiven, (), (state, carrier, tracking))

/// The address where a carrier tells of a letter.
std::optional<std::string> tracking_url(const services::Carrier& carrier, const std::string& number) {
  if (!carrier.tracking) return std::nullopt;
  auto url = *carrier.tracking;
  constexpr std::string_view place = "{number}";
  if (const auto at = url.find(place); at != std::string::npos) url.replace(at, place.size(), number);
  return url;
}

Result<ResultView> result_view(db::Tx& tx, Deps& deps, const services::ResultRecord& record) {
  ResultView view;
  view.way = record.wish.way;
  view.state = record.state;
  view.to = record.wish.to;
  view.done_at = record.done_at;
  JX_TRY(unit, optional_unit(tx, record.unit));
  view.unit = std::move(unit);
  const auto counter = deps.jurisdiction()->counter;
  if (counter && counter->carriers && view.way == services::ResultWay::post) view.carriers = *counter->carriers;
  if (record.tracking.empty()) return view;
  view.tracking = record.tracking;
  view.carrier = LocalizedText({{"en", record.carrier}});  // where the pack no longer has it
  if (const auto carrier = std::ranges::find(view.carriers, record.carrier, &services::Carrier::id); carrier != view.carriers.end()) {
    view.carrier = carrier->name;
    view.tracking_url = tracking_url(*carrier, record.tracking);
  }
  return view;
}

FeeState state_of(const services::Fee& fee, bool closed, LocalDate today) {
  if (fee.paid_at) return FeeState::paid;
  if (fee.lapsed(closed)) return FeeState::lapsed;
  return fee.overdue(closed, today) ? FeeState::overdue : FeeState::due;
}

}  // namespace

Result<> add_results(db::Tx& tx, Deps& deps, const Context& ctx, CaseId id, CaseDetail& view) {
  JX_TRY(result, services::result_of(tx, id));
  if (result) {
    JX_TRY(shown, result_view(tx, deps, *result));
    view.result = std::move(shown);
  }
  JX_TRY(fees, services::fees_of(tx, id));
  for (auto& fee : fees) {
    JX_TRY(unit, optional_unit(tx, fee.unit));
    JX_TRY(paid_unit, optional_unit(tx, fee.paid_unit));
    const auto state = state_of(fee, view.closed_at.has_value(), deps.sessions.today(ctx));
    std::optional<LocalizedText> if_unpaid;
    if (fee.pay_by && (state == FeeState::due || state == FeeState::overdue)) {
      const auto of = services::item(tx, fee.item);  // as the pack has it now, if it still does
      if (of && of->charges) if_unpaid = of->charges->if_unpaid;
    }
    view.fees.push_back({fee.id, std::move(fee.name), fee.amount, fee.currency, services::money(fee.amount, fee.currency), fee.due_at,
                         std::move(unit), fee.paid_at, fee.way, present(std::move(fee.receipt)), std::move(paid_unit), fee.pay_by, state,
                         std::move(if_unpaid)});
  }
  return {};
}

Result<> require_recording(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(as, sight(call, tx, id));
  JX_TRY(handles, call.deps.cases.handles(tx, id, call.ctx.actor.unit));
  if (as == Sight::office && handles) return call.require(tx, "cases.handle");
  return fail(ErrorCode::forbidden, {"only a unit that handles the case records this", "仅承办单位可以登记"});
}

Call::Answer choose_result(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<DraftId>("draft"));
    JX_TRY(version, call.if_match());
    JX_TRY(wish, call.body<services::ResultWish>());
    JX_TRY(draft, services::choose_result(tx, call.ctx, id, version, wish, call.today()));
    return draft_answer(call, tx, draft);
  });
}

Call::Answer give_result(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(given, call.body<ResultGiven>());
    JX_CHECK(require_recording(call, tx, id));
    JX_CHECK(
        services::give_result(tx, call.ctx, call.deps.cases, id, {given.state, given.carrier, given.tracking}, call.deps.jurisdiction()->counter));
    return case_answer(call, tx, id);
  });
}

Call::Answer record_fee(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(wanted, call.body<FeeWish>());
    JX_CHECK(require_recording(call, tx, id));
    std::map<std::string, std::string> name;
    if (!wanted.name.empty()) name.emplace(call.ctx.language, wanted.name);
    JX_CHECK(
        services::record_fee(tx, call.ctx, call.deps.cases, id, {LocalizedText(std::move(name)), wanted.amount}, call.deps.jurisdiction()->counter));
    return case_answer(call, tx, id);
  });
}

Call::Answer pay_fee(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(fee, call.path<services::FeeId>("fee"));
    JX_TRY(payment, call.body<FeePayment>());
    JX_CHECK(require_recording(call, tx, id));
    JX_CHECK(services::pay_fee(tx, call.ctx, call.deps.cases, id, fee, {payment.way, payment.receipt}));
    return case_answer(call, tx, id);
  });
}

}  // namespace jx::api
