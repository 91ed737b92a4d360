// retry_incident.cpp - POST /api/v1/incidents/{incident}/retry (operation retryIncident).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

namespace {

struct RetryIncident {
  std::optional<std::map<std::string, Json>> variables;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(RetryIncident, (), (variables, note))

}  // namespace

Call::Answer retry_incident(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::IncidentId>("incident"));
    JX_TRY(wanted, call.body<RetryIncident>());
    if (wanted.note) JX_CHECK(cases::note_incident(tx, call.deps.cases, call.ctx, id, *wanted.note));
    JX_CHECK(call.deps.cases.retry(tx, call.ctx, id, object_of(wanted.variables)));
    return incident_answer(call, tx, id);
  });
}

}  // namespace jx::api
