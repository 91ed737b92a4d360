// note_incident.cpp - PUT /api/v1/incidents/{incident}/note (operation noteIncident).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

namespace {

struct NoteIncident {
  std::string note;
};
BOOST_DESCRIBE_STRUCT(NoteIncident, (), (note))

}  // namespace

Call::Answer note_incident(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::IncidentId>("incident"));
    JX_TRY(wanted, call.body<NoteIncident>());
    JX_CHECK(cases::note_incident(tx, call.deps.cases, call.ctx, id, wanted.note));
    return incident_answer(call, tx, id);
  });
}

}  // namespace jx::api
