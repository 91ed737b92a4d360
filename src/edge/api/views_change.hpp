// views_change.hpp - what the API answers about versions of processes, incidents and sweeps.
#pragma once
#include "views.hpp"

#include <jx/cases/definitions.hpp>
#include <jx/cases/incidents.hpp>
#include <jx/cases/sweeps.hpp>

namespace jx::api {

struct VersionView {
  std::string version;  // v1
  std::string hash;
  Instant first_applied_at;
  bool current = false;
  std::int64_t running = 0, incidents = 0;
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (version, hash, first_applied_at, current, running, incidents))

struct DefinitionView {
  ProcessId process;
  LocalizedText name;
  std::string file;
  bool ended = false;
  std::optional<std::string> current;
  std::optional<Instant> applied_at;
  std::vector<VersionView> versions;
};
BOOST_DESCRIBE_STRUCT(DefinitionView, (), (process, name, file, ended, current, applied_at, versions))

struct DefinitionList {
  std::vector<DefinitionView> items;
};
BOOST_DESCRIBE_STRUCT(DefinitionList, (), (items))

struct DefinitionDetail {
  DefinitionView definition;
  VersionView version;
  std::string bpmn;
};
BOOST_DESCRIBE_STRUCT(DefinitionDetail, (), (definition, version, bpmn))

struct IncidentSummary {
  cases::IncidentId id;
  std::optional<CaseId> case_;
  std::optional<std::string> number, process, element;
  Instant at;
  int attempts = 0;
  std::string code;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(IncidentSummary, (), (id, case_, number, process, element, at, attempts, code, message))

struct IncidentPage {
  std::vector<IncidentSummary> items;
  std::int64_t total = 0;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(IncidentPage, (), (items, total, next))

struct IncidentGroupView {
  std::optional<std::string> process, element;
  LocalizedText message;
  std::int64_t count = 0;
  Instant first, last;
};
BOOST_DESCRIBE_STRUCT(IncidentGroupView, (), (process, element, message, count, first, last))

struct IncidentGroupList {
  std::vector<IncidentGroupView> items;
};
BOOST_DESCRIBE_STRUCT(IncidentGroupList, (), (items))

struct AttemptView {
  std::int64_t number = 0;
  Instant at;
  std::string code;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(AttemptView, (), (number, at, code, message))

struct IncidentDetailView {
  IncidentSummary incident;
  std::string state;  // open, retried, completed, skipped, gone
  std::optional<Instant> closed_at;
  std::optional<std::string> note;
  LocalizedText name;
  std::optional<std::string> handler, decision;
  bool completable = false;
  std::vector<AttemptView> attempts;
  Json variables, parameters;
  std::vector<std::string> scopes;
};
BOOST_DESCRIBE_STRUCT(IncidentDetailView, (),
                      (incident, state, closed_at, note, name, handler, decision, completable, attempts, variables, parameters, scopes))

struct SweepView {
  cases::SweepId id;
  std::string kind;
  std::optional<std::string> process;
  Json detail;
  Instant started_at;
  std::optional<Instant> finished_at;
  std::int64_t total = 0, done = 0, refused = 0, left = 0;
};
BOOST_DESCRIBE_STRUCT(SweepView, (), (id, kind, process, detail, started_at, finished_at, total, done, refused, left))

struct SweepPage {
  std::vector<SweepView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(SweepPage, (), (items, next))

struct ReasonView {
  std::string code;
  std::optional<std::string> element;
  LocalizedText words;
};
BOOST_DESCRIBE_STRUCT(ReasonView, (), (code, element, words))

struct RefusedView {
  CaseId case_;
  std::string number;
  std::vector<ReasonView> reasons;
};
BOOST_DESCRIBE_STRUCT(RefusedView, (), (case_, number, reasons))

struct SweepDetail {
  SweepView sweep;
  std::vector<RefusedView> refused;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(SweepDetail, (), (sweep, refused, next))

/// Which open incidents, as a body or as the query of the call says it.
struct IncidentFilterBody {
  std::optional<std::string> process, element, text;
  std::optional<Instant> since;
};
BOOST_DESCRIBE_STRUCT(IncidentFilterBody, (), (process, element, text, since))

[[nodiscard]] DefinitionView definition_view(const cases::ProcessVersions& process);
[[nodiscard]] VersionView version_view(const cases::Version& version);
[[nodiscard]] IncidentSummary incident_summary(const cases::IncidentView& incident);
/// Citizen ids within its variables are masked, as the case view masks that of the applicant.
[[nodiscard]] IncidentDetailView incident_detail(const cases::IncidentDetail& detail);
[[nodiscard]] SweepView sweep_view(const cases::Sweep& sweep);
[[nodiscard]] std::vector<ReasonView> reason_views(const std::vector<cases::Reason>& reasons);
[[nodiscard]] Result<cases::IncidentFilter> filter_of(const IncidentFilterBody& body);
[[nodiscard]] Result<cases::IncidentFilter> filter_of(const Call& call);
/// Whoever manages cases, or may read the pack. Errors: unauthenticated; forbidden.
[[nodiscard]] Result<> require_definitions(const Call& call, db::Tx& tx);
/// The incident as it now is.
[[nodiscard]] Call::Answer incident_answer(const Call& call, db::Tx& tx, cases::IncidentId id);

}  // namespace jx::api
