#include "incident_rows.hpp"

#include "cases_sql.hpp"

#include <jx/cases/incidents.hpp>

namespace jx::cases {

Result<IncidentId> write_incident(db::Tx& tx, const Context& ctx, Instant at, const NewIncident& incident) {
  const auto id = IncidentId::make(ctx.clock, ctx.random);
  std::optional<ByteView> job;
  if (incident.job) job = incident.job->bytes();
  JX_CHECK(tx.later(sql::incident_insert, id, incident.case_id, incident.token, incident.wait, incident.node == no_index ? 0 : incident.node, at,
                    incident.attempts, incident.message.en, incident.message.zh, incident.process, incident.element, incident.code, job));
  return id;
}

Result<> write_attempt(db::Tx& tx, CaseId id, Ref step, Instant at, std::string_view code, const Words& message) {
  JX_TRY(last, tx.one(sql::attempt_last, id, step));
  const std::int64_t number = last && !last->null(0) ? last->integer(0) + 1 : 1;
  JX_CHECK(tx.later(sql::attempt_insert, id, step, number, at, code, message.en, message.zh));
  if (number > static_cast<std::int64_t>(attempts_kept))
    JX_CHECK(tx.later(sql::attempts_forget, id, step, number - static_cast<std::int64_t>(attempts_kept)));
  return {};
}

}  // namespace jx::cases
