#include "job_failure.hpp"

#include "cases_sql.hpp"

namespace jx::cases {
namespace {

/// A start by a timer, a broadcast from outside, a sweep: nobody's case stands still, and yet people must see it.
Result<> without_case(db::Tx& tx, const Context& ctx, const FailedJob& job, const Error& error, bool give_up) {
  JX_CHECK(write_attempt(tx, CaseId(job.id), 0, ctx.now(), name(error.code), error.message));
  if (!give_up) return {};
  NewIncident incident;
  if (job.kind == JobKind::start) incident.process = job.name;
  incident.attempts = job.attempts;
  incident.code = name(error.code);
  incident.message = error.message;
  incident.job = job.id;
  JX_CHECK(write_incident(tx, ctx, ctx.now(), incident));
  JX_CHECK(ledger::append(tx, ctx, {"case.incident", {}, {{"element", ""}, {"code", name(error.code)}}, {}}));
  return {};
}

}  // namespace

Result<> record_failure(Engine& engine, db::Tx& tx, const Context& ctx, const FailedJob& job, const Error& error, bool give_up) {
  if (job.case_id.nil()) return without_case(tx, ctx, job, error, give_up);
  JX_CHECK(write_attempt(tx, job.case_id, job.wait, ctx.now(), name(error.code), error.message));
  if (!give_up) return {};
  Act act(engine.impl(), tx, ctx);
  JX_CHECK(act.load(job.case_id));
  const Wait* w = act.state().wait(job.wait);
  const Index node = w == nullptr ? no_index : w->node;
  JX_CHECK(act.job_incident(job.id, job.wait, node, job.attempts, error));
  JX_CHECK(act.finish("case.incident", {{"element", node == no_index ? "" : act.definition().node(node).id}, {"code", name(error.code)}}));
  return {};
}

}  // namespace jx::cases
