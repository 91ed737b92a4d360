// incident_rows.hpp - the rows of incidents and of what was tried, as the acts write them.
#pragma once
#include "definition.hpp"
#include "state.hpp"

#include <jx/cases.hpp>

namespace jx::cases {

struct NewIncident {
  CaseId case_id;  // nil: of a job that belongs to no case
  Ref token = 0;   // what failed within an act
  Ref wait = 0;    // or the wait of a job
  Index node = no_index;
  int attempts = 1;
  std::string process, element, code;
  Words message;
  std::optional<Uuid> job;  // that is parked
};
[[nodiscard]] Result<IncidentId> write_incident(db::Tx& tx, const Context& ctx, Instant at, const NewIncident& incident);

/// One more attempt at a step, the oldest beyond attempts_kept forgotten. `step` is its token or wait; 0 for what belongs to no step.
[[nodiscard]] Result<> write_attempt(db::Tx& tx, CaseId id, Ref step, Instant at, std::string_view code, const Words& message);

}  // namespace jx::cases
