#include "views_change.hpp"

#include <jx/text.hpp>

#include <boost/json/array.hpp>

#include <algorithm>

namespace jx::api {

namespace {

bool is_citizen_id(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 18 && std::ranges::all_of(text.substr(0, 17), digit) && (digit(text[17]) || text[17] == 'X' || text[17] == 'x');
}

Json masked(const Json& value) {
  if (value.is_string() && is_citizen_id(value.get_string())) return Json(text::masked(Code{"citizen-id", std::string(value.get_string())}));
  if (const auto* array = value.if_array()) {
    boost::json::array out;
    for (const auto& item : *array) out.push_back(masked(item));
    return out;
  }
  if (const auto* object = value.if_object()) {
    boost::json::object out;
    for (const auto& [key, item] : *object) out[key] = masked(item);
    return out;
  }
  return value;
}

}  // namespace

VersionView version_view(const cases::Version& version) {
  return {version.name(), to_hex(version.definition), version.first_applied_at, version.current, version.running, version.incidents};
}

DefinitionView definition_view(const cases::ProcessVersions& process) {
  DefinitionView view{process.process, process.name, process.path, process.ended, std::nullopt, process.applied_at, {}};
  if (const auto* current = process.current()) view.current = current->name();
  for (const auto& version : process.versions) view.versions.push_back(version_view(version));
  return view;
}

IncidentSummary incident_summary(const cases::IncidentView& incident) {
  IncidentSummary view{
      incident.id,       std::nullopt,  present(incident.number),   present(incident.process), present(incident.element), incident.at,
      incident.attempts, incident.code, localized(incident.message)};
  if (!incident.case_id.nil()) view.case_ = incident.case_id;
  return view;
}

IncidentDetailView incident_detail(const cases::IncidentDetail& detail) {
  IncidentDetailView view;
  view.incident = incident_summary(detail.incident);
  view.state = detail.open ? "open" : detail.ending.empty() ? "gone" : detail.ending;
  view.closed_at = detail.closed_at;
  view.note = present(detail.note);
  view.name = detail.name.empty() ? LocalizedText({{"en", detail.incident.element}}) : detail.name;
  view.handler = present(detail.handler);
  view.decision = present(detail.decision);
  view.completable = detail.completable;
  for (const auto& attempt : detail.attempts) view.attempts.push_back({attempt.number, attempt.at, attempt.code, localized(attempt.message)});
  view.variables = masked(detail.variables);
  view.parameters = masked(detail.parameters);
  view.scopes = detail.scopes;
  return view;
}

SweepView sweep_view(const cases::Sweep& sweep) {
  return {
      sweep.id,      sweep.kind,  present(sweep.process.text()), masked(sweep.detail), sweep.started_at, sweep.finished_at, sweep.total, sweep.done,
      sweep.refused, sweep.left()};
}

std::vector<ReasonView> reason_views(const std::vector<cases::Reason>& reasons) {
  std::vector<ReasonView> list;
  for (const auto& reason : reasons) list.push_back({reason.code, present(reason.element), localized(reason.words)});
  return list;
}

Result<cases::IncidentFilter> filter_of(const IncidentFilterBody& body) {
  return cases::IncidentFilter{body.process.value_or(""), body.element.value_or(""), body.text.value_or(""), body.since};
}

Result<cases::IncidentFilter> filter_of(const Call& call) {
  cases::IncidentFilter filter;
  for (const auto& [name, member] : {std::pair{"process", &filter.process}, {"element", &filter.element}, {"text", &filter.text}}) {
    JX_TRY(given, call.query(name, 800));
    if (given) *member = *given;
  }
  JX_TRY(since, call.query("since"));
  if (!since) return filter;
  auto at = Instant::parse(*since);
  if (!at) return fail(ErrorCode::invalid, {"an instant, such as 2026-11-21T09:00:00Z", "应为时刻，如 2026-11-21T09:00:00Z"}, "/since");
  filter.since = *at;
  return filter;
}

Result<> require_definitions(const Call& call, db::Tx& tx) {
  JX_TRY(manages, call.deps.access.allows(tx, call.ctx.actor, "cases.manage"));
  return manages ? Result<>{} : call.require(tx, "pack.read");
}

Call::Answer incident_answer(const Call& call, db::Tx& tx, cases::IncidentId id) {
  JX_TRY(detail, cases::incident(tx, call.deps.cases, call.ctx, id));
  return ok(incident_detail(detail));
}

}  // namespace jx::api
