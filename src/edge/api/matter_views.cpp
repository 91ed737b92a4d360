#include "matter_views.hpp"

namespace jx::api {

Result<> require_asking(const Call& call, db::Tx& tx) {
  return call.require(tx, call.ctx.actor.unit.empty() ? "usage.read_own" : "exchange.request");
}

Result<DataMatterView> data_matter_view(Call& call, db::Tx& tx, const sharing::MatterRecord& record) {
  JX_TRY(summary, call.deps.cases.summary(tx, record.case_id));
  JX_TRY(respondent, unit_name(tx, record.respondent));
  JX_TRY(resource, catalogue::resource_as_it_was(tx, record.resource));
  const auto& actor = call.ctx.actor;
  DataMatterView view;
  view.case_ = record.case_id;
  view.number = summary.number;
  view.kind = record.kind;
  if (!record.unit.empty()) {
    JX_TRY(unit, unit_name(tx, record.unit));
    view.unit = std::move(unit);
  }
  view.respondent = std::move(respondent);
  view.resource = record.resource;
  view.resource_name = std::move(resource.name);
  view.state = std::string(cases::name(summary.state));
  view.asked_at = record.asked_at;
  view.due_on = summary.due_on;
  view.answer = present(record.answer);
  view.mine = actor.unit.empty() ? record.person == actor.person : record.unit == actor.unit;
  return view;
}

}  // namespace jx::api
