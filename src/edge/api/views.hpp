// views.hpp - what the API answers: the schemas of api/openapi.yaml as structs, and how each is made. Members are the wire names.
#pragma once
#include "call.hpp"

#include <jx/api.hpp>
#include <jx/cases/forms.hpp>
#include <jx/cases/work.hpp>
#include <jx/cases/notices.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

using catalogue::LawReference;
using Json = boost::json::value;

struct UnitName {
  UnitId key;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(UnitName, (), (key, name))

struct Applicant {
  services::ApplicantKind kind = services::ApplicantKind::person;
  LocalizedText name;
  std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(Applicant, (), (kind, name, code))

// ---- services ----

struct ItemSummary {
  ItemId key;
  LocalizedText name, summary;
  std::vector<UnitName> units;
  int promised_wd = 0;
};
BOOST_DESCRIBE_STRUCT(ItemSummary, (), (key, name, summary, units, promised_wd))

struct ItemList {
  std::vector<ItemSummary> items;
};
BOOST_DESCRIBE_STRUCT(ItemList, (), (items))

struct FormView {
  std::optional<std::string> id;
  Json schema, layout;
};
BOOST_DESCRIBE_STRUCT(FormView, (), (id, schema, layout))

struct OfferedField {
  std::string key;
  LocalizedText name;
  std::string fills;
};
BOOST_DESCRIBE_STRUCT(OfferedField, (), (key, name, fills))

struct DataOffer {
  GrantId grant;
  ResourceId resource;
  LocalizedText name;
  UnitName provider;
  std::vector<services::ApplicantKind> who;
  std::vector<OfferedField> fields;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
};
BOOST_DESCRIBE_STRUCT(DataOffer, (), (grant, resource, name, provider, who, fields, purpose, legal_basis))

struct StepView {
  int stage = 1;
  LocalizedText name;
  std::optional<UnitName> unit;
  std::optional<LocalizedText> if_refused;
};
BOOST_DESCRIBE_STRUCT(StepView, (), (stage, name, unit, if_refused))

struct Counts {
  std::int64_t forms = 0, fields = 0, asked = 0, prefilled = 0;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (forms, fields, asked, prefilled))

struct FaultView {
  std::string pointer, code;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(FaultView, (), (pointer, code, message))

struct FormCheckView {
  std::map<std::string, Json> computed;
  std::vector<std::string> hidden, required, readonly;
  std::map<std::string, std::vector<Json>> options;
  std::vector<FaultView> errors;
};
BOOST_DESCRIBE_STRUCT(FormCheckView, (), (computed, hidden, required, readonly, options, errors))

struct ItemView {
  ItemId key;
  LocalizedText name, summary;
  std::vector<UnitName> units;
  int promised_wd = 0, statutory_wd = 0;
  services::ItemKind kind = services::ItemKind::public_service;
  std::vector<LawReference> legal_basis;
  std::vector<services::ApplicantKind> who_may_apply;
  std::vector<LocalizedText> conditions;
  std::vector<services::Material> materials;
  int visits = 0;
  LocalizedText fee, result;
  std::vector<StepView> steps;
  FormView form;
  std::vector<DataOffer> data;
  Counts counts;
};
BOOST_DESCRIBE_STRUCT(ItemView, (),
                      (key, name, summary, units, promised_wd, statutory_wd, kind, legal_basis, who_may_apply, conditions, materials, visits, fee,
                       result, steps, form, data, counts))

struct PrefillView {
  GrantId grant;
  UsageId usage;
  Instant at;
  UnitName provider;
  std::int64_t records = 0;
  std::vector<std::string> fields;
};
BOOST_DESCRIBE_STRUCT(PrefillView, (), (grant, usage, at, provider, records, fields))

struct DraftView {
  DraftId id;
  ItemId item;
  LocalizedText item_name;
  Applicant applicant;
  Json form;
  std::vector<PrefillView> prefills;
  Instant changed_at;
  std::int64_t version = 0;
  std::optional<FormCheckView> check;
};
BOOST_DESCRIBE_STRUCT(DraftView, (), (id, item, item_name, applicant, form, prefills, changed_at, version, check))

struct DraftList {
  std::vector<DraftView> items;
};
BOOST_DESCRIBE_STRUCT(DraftList, (), (items))

struct ReceiptView {
  CaseId case_;
  std::string number;
  Uuid entry;
  std::optional<LocalDate> due_on;
  bool provisional = false;
};
BOOST_DESCRIBE_STRUCT(ReceiptView, (), (case_, number, entry, due_on, provisional))

struct CertificateSummary {
  CertificateId id;
  std::string number;
  LocalizedText name;
  UnitName issuer;
  LocalDate issued_on;
  std::optional<LocalDate> valid_until;
};
BOOST_DESCRIBE_STRUCT(CertificateSummary, (), (id, number, name, issuer, issued_on, valid_until))

struct CertificateList {
  std::vector<CertificateSummary> items;
};
BOOST_DESCRIBE_STRUCT(CertificateList, (), (items))

struct CertificateView {
  CertificateId id;
  std::string number;
  LocalizedText name;
  UnitName issuer;
  LocalDate issued_on;
  std::optional<LocalDate> valid_until;
  CaseId case_;
  Applicant holder;
  std::vector<services::Claim> claims;
  std::string signed_;
};
BOOST_DESCRIBE_STRUCT(CertificateView, (), (id, number, name, issuer, issued_on, valid_until, case_, holder, claims, signed_))

struct Verification {
  bool valid = false;
  LocalizedText reason;
  std::optional<CertificateSummary> certificate;
};
BOOST_DESCRIBE_STRUCT(Verification, (), (valid, reason, certificate))

// ---- cases ----

struct CaseSummaryView {
  CaseId id;
  std::string number;
  ItemId item;
  LocalizedText item_name;
  Applicant applicant;
  std::string state;
  Instant opened_at;
  std::optional<Instant> closed_at;
  std::optional<LocalDate> due_on;
};
BOOST_DESCRIBE_STRUCT(CaseSummaryView, (), (id, number, item, item_name, applicant, state, opened_at, closed_at, due_on))

struct CasePage {
  std::vector<CaseSummaryView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(CasePage, (), (items, next))

struct ClockView {
  int day = 0, of = 0;
  std::string state, mark;
  LocalizedText words;
  std::optional<LocalDate> due_on;
  bool provisional = false;
};
BOOST_DESCRIBE_STRUCT(ClockView, (), (day, of, state, mark, words, due_on, provisional))

struct EventView {
  Instant at;
  std::string kind;
  LocalizedText words;
  std::optional<UnitName> unit;
  std::optional<Uuid> entry;
};
BOOST_DESCRIBE_STRUCT(EventView, (), (at, kind, words, unit, entry))

struct StaffName {
  AccountId account;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(StaffName, (), (account, name))

struct TaskSummary {
  TaskId id;
  CaseId case_;
  std::string number;
  std::string element;
  LocalizedText name;
  std::string state;
  std::optional<UnitName> unit;
  std::optional<PostId> post;
  bool mine = false;
  std::optional<StaffName> holder;
  Instant created_at;
  std::optional<Instant> done_at;
  std::optional<LocalDate> due_on;
  std::string mark, case_mark;
  std::optional<ClockView> clock;
  LocalizedText item_name;
  std::optional<Applicant> applicant;
  std::optional<std::string> decision;
  std::optional<LocalizedText> decision_name;
  std::optional<std::string> opinion;
  std::string kind;
  std::optional<TaskId> step;
  std::int64_t waits_for = 0, urged = 0;
  std::optional<std::string> urge_note;
};
BOOST_DESCRIBE_STRUCT(TaskSummary, (),
                      (id, case_, number, element, name, state, unit, post, mine, holder, created_at, done_at, due_on, mark, case_mark, clock,
                       item_name, applicant, decision, decision_name, opinion, kind, step, waits_for, urged, urge_note))

struct TaskPage {
  std::vector<TaskSummary> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(TaskPage, (), (items, next))

struct CountView {
  int n = 0;
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(CountView, (), (n, more))

struct MarkCounts {
  CountView open, yellow, red;
};
BOOST_DESCRIBE_STRUCT(MarkCounts, (), (open, yellow, red))

struct TaskCounts {
  std::optional<MarkCounts> desk, unit, below;
};
BOOST_DESCRIBE_STRUCT(TaskCounts, (), (desk, unit, below))

struct NoticeView {
  cases::NoticeId id;
  std::string kind;
  CaseId case_;
  std::string number;
  std::optional<TaskId> task;
  std::optional<LocalizedText> name;
  std::optional<UnitName> unit;
  bool open = false;
  std::optional<LocalDate> due_on;
  Instant at;
  std::optional<Instant> seen_at;
  LocalizedText words;
};
BOOST_DESCRIBE_STRUCT(NoticeView, (), (id, kind, case_, number, task, name, unit, open, due_on, at, seen_at, words))

struct NoticePage {
  std::vector<NoticeView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(NoticePage, (), (items, next))

struct FlowView {
  std::vector<std::string> active, done, failed;
};
BOOST_DESCRIBE_STRUCT(FlowView, (), (active, done, failed))

struct CaseDetail {
  CaseId id;
  std::string number;
  ItemId item;
  LocalizedText item_name;
  Applicant applicant;
  std::string state;
  Instant opened_at;
  std::optional<Instant> closed_at;
  std::optional<LocalDate> due_on;
  bool archived = false;
  std::optional<ClockView> clock, statutory;
  Json form;
  FormView form_definition;
  std::vector<PrefillView> prefills;
  FlowView flow;
  std::vector<EventView> timeline;
  std::vector<TaskSummary> tasks;
  std::vector<CertificateSummary> certificates;
  std::vector<std::string> actions;
};
BOOST_DESCRIBE_STRUCT(CaseDetail, (),
                      (id, number, item, item_name, applicant, state, opened_at, closed_at, due_on, archived, clock, statutory, form, form_definition,
                       prefills, flow, timeline, tasks, certificates, actions))

struct OutcomeView {
  std::string key;
  LocalizedText name;
  bool needs_reason = false;
};
BOOST_DESCRIBE_STRUCT(OutcomeView, (), (key, name, needs_reason))

// ---- decisions ----

struct DecisionFieldView {
  std::vector<std::string> path;
  std::string label, type;
  std::vector<Json> allowed;
};
BOOST_DESCRIBE_STRUCT(DecisionFieldView, (), (path, label, type, allowed))

struct DecisionInputView {
  std::string name, type;
  std::vector<DecisionFieldView> fields;
};
BOOST_DESCRIBE_STRUCT(DecisionInputView, (), (name, type, fields))

struct DecisionView {
  DecisionId id;
  std::string name, question, description, file, type;
  bool service = false;
  std::vector<DecisionInputView> inputs;
  std::vector<std::string> laws;
};
BOOST_DESCRIBE_STRUCT(DecisionView, (), (id, name, question, description, file, type, service, inputs, laws))

struct DecisionFindingView {
  std::string severity, code;
  std::optional<std::string> decision;
  std::vector<std::size_t> rules;
  std::optional<Json> example, input;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(DecisionFindingView, (), (severity, code, decision, rules, example, input, message))

// ---- exchange ----

struct FieldView {
  std::string key;
  LocalizedText name;
  catalogue::FieldType type = catalogue::FieldType::text;
  catalogue::Sensitivity sensitivity = catalogue::Sensitivity::general;
};
BOOST_DESCRIBE_STRUCT(FieldView, (), (key, name, type, sensitivity))

struct ResourceView {
  ResourceId key;
  LocalizedText name, summary;
  UnitName provider;
  catalogue::ShareClass share_class = catalogue::ShareClass::not_shared;
  std::optional<LocalizedText> share_conditions;
  catalogue::UpdateCycle update_cycle = catalogue::UpdateCycle::irregular;
  std::vector<FieldView> fields;
  catalogue::ShareMethod share_method = catalogue::ShareMethod::interface;
  std::vector<std::string> classification;
  LocalDate published_on;
  std::optional<std::vector<LawReference>> legal_basis;
  std::string code;
  catalogue::OpenTo open = catalogue::OpenTo::nobody;
};
BOOST_DESCRIBE_STRUCT(ResourceView, (),
                      (key, name, summary, provider, share_class, share_conditions, update_cycle, fields, share_method, classification, published_on,
                       legal_basis, code, open))

struct ProgrammeView {
  ProgrammeId key;
  LocalizedText name;
  LocalDate from, until;
};
BOOST_DESCRIBE_STRUCT(ProgrammeView, (), (key, name, from, until))

struct GrantView {
  GrantId key;
  ResourceId resource;
  LocalizedText resource_name;
  UnitName provider, consumer;
  exchange::Binding binding = exchange::Binding::case_;
  std::optional<ProgrammeView> programme;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  std::vector<FieldView> fields, lookup;
  exchange::GrantState state = exchange::GrantState::active;
  LocalDate valid_from;
  std::optional<LocalDate> valid_until;
  std::optional<CaseId> by_request;   // the case that gave it
  std::optional<std::string> reason;  // why it was suspended or ended
  std::optional<Instant> ended_at, disposed_at;
  std::optional<bool> verify_only;  // it answers only yes, no or unknown
  std::optional<std::int64_t> records_per_day;
  std::optional<exchange::DeliveryTerms> delivery;
};
BOOST_DESCRIBE_STRUCT(GrantView, (),
                      (key, resource, resource_name, provider, consumer, binding, programme, purpose, legal_basis, fields, lookup, state, valid_from,
                       valid_until, by_request, reason, ended_at, disposed_at, verify_only, records_per_day, delivery))

struct GrantList {
  std::vector<GrantView> items;
};
BOOST_DESCRIBE_STRUCT(GrantList, (), (items))

/// That a use was told to the person later, under which law.
struct LateDisclosure {
  Instant until;
  std::vector<LawReference> law;
};
BOOST_DESCRIBE_STRUCT(LateDisclosure, (), (until, law))

struct UsageView {
  UsageId id;
  Instant at;
  UnitName consumer, provider;
  ResourceId resource;
  LocalizedText resource_name;
  GrantId grant;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
  std::vector<LocalizedText> fields;
  std::int64_t records = 0;
  std::optional<Uuid> case_;
  std::optional<std::string> case_number;
  std::optional<LocalizedText> item_name, programme_name;
  std::optional<LocalizedText> refused;
  ledger::EntryId entry;
  LocalizedText words;
  std::optional<LateDisclosure> told_late;
};
BOOST_DESCRIBE_STRUCT(UsageView, (),
                      (id, at, consumer, provider, resource, resource_name, grant, purpose, legal_basis, fields, records, case_, case_number,
                       item_name, programme_name, refused, entry, words, told_late))

struct UsagePage {
  std::vector<UsageView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(UsagePage, (), (items, next))

/// A task beside a step, with what it was given and what came back.
struct ShownFileView {
  attachments::AttachmentId id;
  std::string name, media_type;
  std::uint64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(ShownFileView, (), (id, name, media_type, size))

struct RequestView {
  TaskSummary task;
  std::optional<StaffName> asked_by;
  std::optional<UnitName> asked_unit;
  Instant asked_at;
  std::string note;
  bool binding = false;
  std::optional<Json> form;
  std::optional<std::string> withdrawn;
  std::vector<ShownFileView> files;
};
BOOST_DESCRIBE_STRUCT(RequestView, (), (task, asked_by, asked_unit, asked_at, note, binding, form, withdrawn, files))

struct TaskDetail {
  TaskSummary task;
  std::optional<CaseDetail> case_;
  std::vector<OutcomeView> outcomes;
  std::vector<UsageView> usage;
  std::vector<RequestView> requests;
  std::optional<RequestView> request;
  std::vector<std::string> actions;
  std::optional<FormView> form;
};
BOOST_DESCRIBE_STRUCT(TaskDetail, (), (task, case_, outcomes, usage, requests, request, actions, form))

struct ReturnView {
  std::string element;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(ReturnView, (), (element, name))

struct ReturnList {
  std::vector<ReturnView> items;
};
BOOST_DESCRIBE_STRUCT(ReturnList, (), (items))

struct CommentView {
  Uuid id;
  std::optional<TaskId> task;
  Instant at;
  StaffName by;
  std::optional<UnitName> unit;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(CommentView, (), (id, task, at, by, unit, body))

struct CommentList {
  std::vector<CommentView> items;
};
BOOST_DESCRIBE_STRUCT(CommentList, (), (items))

struct Colleague {
  AccountId account;
  LocalizedText name;
  bool me = false;
};
BOOST_DESCRIBE_STRUCT(Colleague, (), (account, name, me))

struct OfficePost {
  PostId key;
  LocalizedText name;
  std::vector<Colleague> holders;
};
BOOST_DESCRIBE_STRUCT(OfficePost, (), (key, name, holders))

struct OfficeView {
  UnitName unit;
  std::vector<OfficePost> posts;
};
BOOST_DESCRIBE_STRUCT(OfficeView, (), (unit, posts))

struct OfficeList {
  std::vector<OfficeView> items;
};
BOOST_DESCRIBE_STRUCT(OfficeList, (), (items))

struct DataAnswer {
  UsageId usage;
  ledger::EntryId entry;
  Instant at;
  std::vector<FieldView> fields;
  std::vector<std::vector<Json>> rows;
  std::optional<std::string> next;
  Bytes nonce;
};
BOOST_DESCRIBE_STRUCT(DataAnswer, (), (usage, entry, at, fields, rows, next, nonce))

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] LocalizedText localized(const Words& words);
[[nodiscard]] Result<UnitName> unit_name(db::Tx& tx, const UnitId& id);
/// Nothing for an empty key.
[[nodiscard]] Result<std::optional<UnitName>> optional_unit(db::Tx& tx, const UnitId& id);
/// Who has an account: a person, or a unit's system.
[[nodiscard]] Result<StaffName> staff_name(db::Tx& tx, const AccountId& account);
/// The code is whole for the applicant herself and masked for others.
[[nodiscard]] Result<Applicant> applicant(db::Tx& tx, const cases::Party& party, bool whole);

[[nodiscard]] Result<ItemSummary> item_summary(db::Tx& tx, const services::Item& item);
[[nodiscard]] Result<ItemView> item_view(db::Tx& tx, Deps& deps, const services::Item& item);
[[nodiscard]] Result<DraftView> draft_view(db::Tx& tx, const services::Draft& draft);
[[nodiscard]] Result<std::vector<PrefillView>> prefill_views(db::Tx& tx, const std::vector<services::Prefill>& prefills,
                                                             const boost::json::object& form);
[[nodiscard]] Result<CertificateSummary> certificate_summary(db::Tx& tx, const services::Certificate& certificate);

[[nodiscard]] Result<CaseSummaryView> case_summary(db::Tx& tx, const cases::CaseSummary& summary, bool whole);
[[nodiscard]] FormView form_view(cases::FormDefinition form);
[[nodiscard]] FormCheckView form_check_view(const cases::FormCheck& check);
[[nodiscard]] Result<CaseDetail> case_detail(db::Tx& tx, Deps& deps, const Context& ctx, CaseId id, bool whole);
/// Without `of_case` as a participant sees it: nothing of whom the case is about.
[[nodiscard]] Result<TaskSummary> task_summary(db::Tx& tx, const Context& ctx, const cases::TaskView& task, bool of_case = true);
/// Without the case for those who see only the task.
[[nodiscard]] Result<TaskDetail> task_detail(db::Tx& tx, Deps& deps, const Context& ctx, TaskId id, bool of_case);

[[nodiscard]] DecisionView decision_view(const decisions::Decision& decision);
[[nodiscard]] DecisionFindingView finding_view(const decisions::Checked& checked);

[[nodiscard]] FieldView field_view(const catalogue::Field& field);
[[nodiscard]] Result<ResourceView> resource_view(db::Tx& tx, const catalogue::Resource& resource);
[[nodiscard]] Result<GrantView> grant_view(db::Tx& tx, const exchange::GrantView& grant);
[[nodiscard]] Result<UsageView> usage_view(db::Tx& tx, const exchange::Usage& usage, LocalDate today);

/// As whom the caller may see a case. Errors: not_found: what she may not see does not exist for her.
enum class Sight { applicant, office };
[[nodiscard]] Result<Sight> sight(const Call& call, db::Tx& tx, CaseId id);
/// The unit whose tasks the caller asks for as their supervisor: `wanted`, or her own. Errors: forbidden; not_found.
[[nodiscard]] Result<UnitId> supervised_unit(const Call& call, db::Tx& tx, const std::optional<std::string>& wanted);
/// Whether the caller supervises a unit: it is hers, or lies below hers.
[[nodiscard]] Result<bool> supervises(const Call& call, db::Tx& tx, const UnitId& unit);
/// Who supervises a unit that handles the case. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_supervision(const Call& call, db::Tx& tx, CaseId id);
/// The same, and who holds an open task of the case: may stop and start its clock.
[[nodiscard]] Result<> require_steering(const Call& call, db::Tx& tx, CaseId id);
/// Who may see a task: whom its case concerns, and whose it is to do. Errors: not_found.
[[nodiscard]] Result<> require_task_sight(const Call& call, db::Tx& tx, const cases::TaskView& task);
/// Who may work on a task: who handles tasks, and the account of a contribution. Errors: not_found; forbidden.
[[nodiscard]] Result<cases::TaskView> require_work(const Call& call, db::Tx& tx, TaskId id);
/// Whether the caller, who sees the task, sees the case with it: a participant and an outside body do not.
[[nodiscard]] Result<bool> sees_case(const Call& call, db::Tx& tx, const cases::TaskView& task);
[[nodiscard]] Result<bool> is_outside(db::Tx& tx, const UnitId& unit);
/// What the caller may do now: the members `actions` of the views.
[[nodiscard]] Result<std::vector<std::string>> case_actions(const Call& call, db::Tx& tx, const CaseDetail& detail);
[[nodiscard]] Result<std::vector<std::string>> task_actions(const Call& call, db::Tx& tx, const TaskDetail& detail);
/// As whom the caller may urge a task. Errors: not_found; forbidden.
[[nodiscard]] Result<Sight> require_urging(const Call& call, db::Tx& tx, const cases::TaskView& task);
/// Who sees the case from an office and works in it: may comment. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_commenting(const Call& call, db::Tx& tx, CaseId id);
/// Who may send a message or signal of that name from outside.
[[nodiscard]] Result<> require_to_send(const Call& call, db::Tx& tx, std::string_view name);
/// Errors: invalid (/unit, /post: there is none, or not in that unit).
[[nodiscard]] Result<> check_seat(db::Tx& tx, const UnitId& unit, const PostId& post);

/// The decision that the path names, for a caller who may read decisions. Errors: forbidden; not_found.
[[nodiscard]] Result<decisions::Decision> find_decision(const Call& call);

[[nodiscard]] Result<RequestView> request_view(db::Tx& tx, const Deps& deps, const Context& ctx, const cases::SideView& side, bool of_case = true);
[[nodiscard]] Call::Answer comments_answer(const Call& call, db::Tx& tx, CaseId id);
/// The answer of an act; where it was refused for its form, a problem that tells all that is wrong with it.
[[nodiscard]] Call::Answer with_faults(Call::Answer answer, Faults faults);
/// A draft, with what its form says to it as it is.
[[nodiscard]] Call::Answer draft_answer(const Call& call, db::Tx& tx, const services::Draft& draft);
[[nodiscard]] Call::Answer task_answer(const Call& call, db::Tx& tx, TaskId id);
/// As its applicant sees it.
[[nodiscard]] Call::Answer applicant_case_answer(const Call& call, db::Tx& tx, CaseId id);
/// As an office sees it.
[[nodiscard]] Call::Answer case_answer(const Call& call, db::Tx& tx, CaseId id);

/// The members of an object of the wire.
[[nodiscard]] inline boost::json::object object_of(const std::optional<std::map<std::string, Json>>& members) {
  boost::json::object out;
  for (const auto& [key, value] : members.value_or(std::map<std::string, Json>{})) out[key] = value;
  return out;
}

/// Empty is absent.
[[nodiscard]] inline std::optional<std::string> present(std::string text) { return text.empty() ? std::nullopt : std::optional(std::move(text)); }

}  // namespace jx::api
