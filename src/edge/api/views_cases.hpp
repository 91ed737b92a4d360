// views_cases.hpp - cases, tasks and notices as the API shows them.
#pragma once
#include "views_exchange.hpp"
#include "views_services.hpp"

#include <jx/cases/notices.hpp>
#include <jx/cases/work.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

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
  std::optional<bool> reviewed;  // of one's own that has ended and can be reviewed, or was
};
BOOST_DESCRIBE_STRUCT(CaseSummaryView, (), (id, number, item, item_name, applicant, state, opened_at, closed_at, due_on, reviewed))

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

/// What the applicant is asked to supplement, as she and the offices see it.
struct SupplementView {
  TaskId id, step;
  LocalizedText name;
  std::optional<UnitName> unit;
  Instant asked_at;
  std::string missing, legal_basis;
  std::optional<LocalDate> due_on;
  bool open = false;
  std::optional<Instant> answered_at;
  std::optional<std::string> answer, withdrawn;
};
BOOST_DESCRIBE_STRUCT(SupplementView, (), (id, step, name, unit, asked_at, missing, legal_basis, due_on, open, answered_at, answer, withdrawn))

/// How a result reaches the applicant.
struct ResultView {
  services::ResultWay way = services::ResultWay::electronic;
  services::ResultState state = services::ResultState::wanted;
  std::optional<services::PostalAddress> to;
  std::optional<LocalizedText> carrier;
  std::optional<std::string> tracking, tracking_url;
  std::optional<Instant> done_at;
  std::optional<UnitName> unit;
  std::vector<services::Carrier> carriers;  // for who may post it
};
BOOST_DESCRIBE_STRUCT(ResultView, (), (way, state, to, carrier, tracking, tracking_url, done_at, unit, carriers))

enum class FeeState { due, overdue, lapsed, paid };
BOOST_DESCRIBE_ENUM(FeeState, due, overdue, lapsed, paid)
struct FeeView {
  services::FeeId id;
  LocalizedText name;
  std::int64_t amount = 0;
  std::string currency, written;
  Instant due_at;
  std::optional<UnitName> unit;
  std::optional<Instant> paid_at;
  std::optional<services::PayWay> way;
  std::optional<std::string> receipt;
  std::optional<UnitName> paid_unit;
  std::optional<LocalDate> pay_by;
  FeeState state = FeeState::due;
  std::optional<LocalizedText> if_unpaid;
};
BOOST_DESCRIBE_STRUCT(FeeView, (), (id, name, amount, currency, written, due_at, unit, paid_at, way, receipt, paid_unit, pay_by, state, if_unpaid))

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
  std::optional<UnitName> counter;
  std::optional<ClockView> clock, statutory;
  Json form;
  FormView form_definition;
  std::vector<PrefillView> prefills;
  FlowView flow;
  std::vector<EventView> timeline;
  std::vector<TaskSummary> tasks;
  std::vector<CertificateSummary> certificates;
  std::vector<SupplementView> supplements;
  std::vector<std::string> actions;
  std::optional<ResultView> result;
  std::vector<FeeView> fees;
};
BOOST_DESCRIBE_STRUCT(CaseDetail, (),
                      (id, number, item, item_name, applicant, state, opened_at, closed_at, due_on, archived, counter, clock, statutory, form,
                       form_definition, prefills, flow, timeline, tasks, certificates, supplements, actions, result, fees))

struct OutcomeView {
  std::string key;
  LocalizedText name;
  bool needs_reason = false;
};
BOOST_DESCRIBE_STRUCT(OutcomeView, (), (key, name, needs_reason))

struct ShownFileView {
  attachments::AttachmentId id;
  std::string name, media_type;
  std::uint64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(ShownFileView, (), (id, name, media_type, size))

/// A task beside a step, with what it was given and what came back.
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

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] Result<CaseSummaryView> case_summary(db::Tx& tx, const cases::CaseSummary& summary, bool whole);
[[nodiscard]] Result<CaseDetail> case_detail(db::Tx& tx, Deps& deps, const Context& ctx, CaseId id, bool whole);
/// Without `of_case` as a participant sees it: nothing of whom the case is about.
[[nodiscard]] Result<TaskSummary> task_summary(Names& names, const Context& ctx, const cases::TaskView& task, bool of_case = true);
/// Without the case for those who see only the task.
[[nodiscard]] Result<TaskDetail> task_detail(db::Tx& tx, Deps& deps, const Context& ctx, const cases::TaskView& task, bool of_case);
[[nodiscard]] Result<Sight> sight(const Call& call, db::Tx& tx, CaseId id);
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
/// Who works in a unit that handles the case, also after its end: records fees and how the result was given. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_recording(const Call& call, db::Tx& tx, CaseId id);
/// Fills in how the result is given, and the fees.
[[nodiscard]] Result<> add_results(db::Tx& tx, Deps& deps, const Context& ctx, CaseId id, CaseDetail& view);
/// What the caller may do now: the members `actions` of the views.
[[nodiscard]] Result<std::vector<std::string>> case_actions(const Call& call, db::Tx& tx, const CaseDetail& detail);
[[nodiscard]] Result<std::vector<std::string>> task_actions(const Call& call, db::Tx& tx, const cases::TaskView& task);
/// As whom the caller may urge a task. Errors: not_found; forbidden.
[[nodiscard]] Result<Sight> require_urging(const Call& call, db::Tx& tx, const cases::TaskView& task);
/// Who sees the case from an office and works in it: may comment. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_commenting(const Call& call, db::Tx& tx, CaseId id);
/// Who may send a message or signal of that name from outside.
[[nodiscard]] Result<> require_to_send(const Call& call, db::Tx& tx, std::string_view name);
[[nodiscard]] Result<RequestView> request_view(db::Tx& tx, const Deps& deps, const Context& ctx, const cases::SideView& side, bool of_case = true);
[[nodiscard]] Call::Answer comments_answer(const Call& call, db::Tx& tx, CaseId id);
[[nodiscard]] Call::Answer task_answer(const Call& call, db::Tx& tx, TaskId id);
/// As its applicant sees it.
[[nodiscard]] Call::Answer applicant_case_answer(const Call& call, db::Tx& tx, CaseId id);
/// As an office sees it.
[[nodiscard]] Call::Answer case_answer(const Call& call, db::Tx& tx, CaseId id);

}  // namespace jx::api
