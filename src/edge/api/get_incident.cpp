// get_incident.cpp - GET /api/v1/incidents/{incident} (operation getIncident).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer get_incident(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::IncidentId>("incident"));
    return incident_answer(call, tx, id);
  });
}

}  // namespace jx::api
