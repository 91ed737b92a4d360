// delays.cpp - /api/v1/disclosure-delays (operations askDelay, listDelays, decideDelay, endDelay): the head of the unit that reads asks, the data
// authority decides.
#include "delay_views.hpp"
#include "sharing_views.hpp"

#include <jx/exchange/grants.hpp>

namespace jx::api {

namespace {

struct Wish {
  GrantId grant;
  std::optional<Uuid> case_;
  LocalDate until;  // the last day on which it is not told
  std::vector<exchange::LawReference> law;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Wish, (), (grant, case_, until, law, reason))

enum class Verdict { approve, refuse };
BOOST_DESCRIBE_ENUM(Verdict, approve, refuse)
struct Decision {
  Verdict outcome = Verdict::refuse;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Decision, (), (outcome, reason))
constexpr std::string_view to_ask = "exchange.approve";     // who decides for the unit that reads
constexpr std::string_view to_decide = "exchange.suspend";  // the data authority

DelayState state_of(const exchange::Delay& delay, Instant now) {
  if (delay.approved == false) return DelayState::refused;
  if (delay.ended_at || delay.until <= now) return DelayState::over;
  return delay.approved ? DelayState::in_force : DelayState::asked;
}

Result<DelayView> delay_view(Call& call, db::Tx& tx, const exchange::Delay& delay) {
  JX_TRY(grant, exchange::grant_record(tx, call.today(), delay.grant));
  JX_TRY(unit, unit_name(tx, delay.unit));
  DelayView view{.id = delay.id, .grant = delay.grant, .resource_name = grant.view.resource.name, .case_ = delay.matter, .unit = std::move(unit)};
  view.until = delay.until;
  view.law = delay.law;
  view.reason = delay.reason;
  view.asked_at = delay.asked_at;
  view.state = state_of(delay, call.ctx.now());
  view.decision = present(delay.decision);
  view.decided_at = delay.decided_at;
  view.ended_at = delay.ended_at;
  const bool own = delay.unit == call.ctx.actor.unit;
  view.may_decide = !own && view.state == DelayState::asked && call.require(tx, to_decide).has_value();
  view.may_end = (view.state == DelayState::in_force || view.state == DelayState::asked) && call.require(tx, own ? to_ask : to_decide).has_value();
  return view;
}

/// Who may know of it: the unit that asked, and the data authority. To others it is not there.
Result<exchange::Delay> found(Call& call, db::Tx& tx) {
  JX_TRY(id, call.path<exchange::DelayId>("delay"));
  JX_TRY(delay, exchange::delay(tx, id));
  if (delay.unit == call.ctx.actor.unit && call.require(tx, to_ask)) return delay;
  if (call.require(tx, to_decide)) return delay;
  return fail(ErrorCode::not_found, {"there is no such delayed disclosure", "没有该项延期告知"});
}

Call::Answer shown(Call& call, db::Tx& tx, const exchange::DelayId& id) {
  JX_TRY(delay, exchange::delay(tx, id));
  JX_TRY(view, delay_view(call, tx, delay));
  return ok(view);
}

}  // namespace

Result<const std::vector<exchange::Delay>*> DelaysByGrant::of(db::Tx& tx, const GrantId& grant) {
  const auto known = known_.find(grant);
  if (known != known_.end()) return &known->second;
  JX_TRY(read, exchange::delays_of(tx, grant));
  return &(known_[grant] = std::move(read));
}

Call::Answer ask_delay(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, to_ask));
    JX_TRY(wish, call.body<Wish>());
    const auto until = call.deps.jurisdiction()->zone.start_of(wish.until + 1);
    JX_TRY(id, exchange::ask_delay(tx, call.ctx, {wish.grant, wish.case_, until, wish.law, wish.reason}));
    JX_TRY(delay, exchange::delay(tx, id));
    JX_TRY(view, delay_view(call, tx, delay));
    return created("/api/v1/disclosure-delays", view);
  });
}

Call::Answer list_delays(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    const bool all = call.require(tx, to_decide).has_value();
    if (!all) JX_CHECK(call.require(tx, to_ask));
    JX_TRY(delays, exchange::delays(tx));
    DelayList list;
    for (const auto& delay : delays) {
      if (!all && delay.unit != call.ctx.actor.unit) continue;
      JX_TRY(view, delay_view(call, tx, delay));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

Call::Answer decide_delay(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(delay, found(call, tx));
    JX_CHECK(call.require(tx, to_decide));
    JX_TRY(decision, call.body<Decision>());
    auto asker = identity::account(tx, delay.asked_by);
    if (!asker && asker.error().code != ErrorCode::not_found) return std::unexpected(std::move(asker).error());
    JX_CHECK(
        exchange::decide_delay(tx, call.ctx, delay.id, asker ? asker->person : PersonId(), decision.outcome == Verdict::approve, decision.reason));
    return shown(call, tx, delay.id);
  });
}

Call::Answer end_delay(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(delay, found(call, tx));
    JX_TRY(why, call.body<Reason>());
    JX_CHECK(exchange::end_delay(tx, call.ctx, delay.id, why.reason));
    return shown(call, tx, delay.id);
  });
}

}  // namespace jx::api
