// settle_incident.cpp - POST /api/v1/incidents/{incident}/settle (operation settleIncident).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

namespace {

enum class SettleHow { complete, skip };
BOOST_DESCRIBE_ENUM(SettleHow, complete, skip)

struct SettleIncident {
  SettleHow how = SettleHow::complete;
  std::optional<std::map<std::string, Json>> result;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(SettleIncident, (), (how, result, reason))

}  // namespace

Call::Answer settle_incident(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::IncidentId>("incident"));
    JX_TRY(wanted, call.body<SettleIncident>());
    const auto how = wanted.how == SettleHow::skip ? cases::Settlement::How::skip : cases::Settlement::How::complete;
    JX_CHECK(cases::settle_incident(tx, call.deps.cases, call.ctx, id, {how, object_of(wanted.result), wanted.reason}));
    return incident_answer(call, tx, id);
  });
}

}  // namespace jx::api
