#include "views_cases.hpp"

#include <jx/services/item_names.hpp>

#include <algorithm>

namespace jx::api {

namespace {

Result<std::vector<EventView>> timeline_views(Names& names, const std::vector<cases::TimelineEvent>& events, bool applicant) {
  std::vector<EventView> list;
  for (const auto& event : events) {
    if (applicant && event.kind == "acted_for") continue;  // names of staff
    JX_TRY(unit, names.unit(event.unit));
    EventView view{event.at, event.kind, localized(event.words), std::move(unit), std::nullopt};
    if (event.entry != Uuid{}) view.entry = event.entry;
    list.push_back(std::move(view));
  }
  return list;
}

/// What the timeline says of each element: carried out once, or failed and not tried again since.
FlowView flow_view(const cases::CaseView& found) {
  FlowView flow{found.active, {}, {}};
  for (const auto& event : found.timeline) {
    if (event.element.empty()) continue;
    const bool done = event.kind == "task_completed" || event.kind == "decided" || event.kind == "service_done" || event.kind == "message_received" ||
                      event.kind == "timer_fired";
    if (done && std::ranges::find(flow.done, event.element) == flow.done.end()) flow.done.push_back(event.element);
    std::erase(flow.failed, event.element);
    if (event.kind == "incident" && std::ranges::find(found.active, event.element) != found.active.end()) flow.failed.push_back(event.element);
  }
  return flow;
}

std::optional<ClockView> clock_view(const std::optional<cases::ClockWords>& clock) {
  if (!clock) return std::nullopt;
  return ClockView{
      clock->day,    clock->of,         std::string(cases::name(clock->state)), std::string(cases::name(clock->mark)), localized(clock->words),
      clock->due_on, clock->provisional};
}

}  // namespace

Call::Answer task_answer(const Call& call, db::Tx& tx, TaskId id) {
  JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
  JX_TRY(of_case, sees_case(call, tx, task));
  JX_TRY(view, task_detail(tx, call.deps, call.ctx, task, of_case));
  if (view.case_) {
    JX_TRY(actions, case_actions(call, tx, *view.case_));
    view.case_->actions = std::move(actions);
  }
  JX_TRY(actions, task_actions(call, tx, task));
  view.actions = std::move(actions);
  return ok(view);
}

Result<StaffName> staff_name(db::Tx& tx, const AccountId& id) {
  JX_TRY(account, identity::account(tx, id));
  if (account.person.nil()) {
    JX_TRY(unit, identity::unit(tx, account.unit));
    return StaffName{id, unit.name};
  }
  JX_TRY(person, identity::person(tx, account.person));
  return StaffName{id, person.name};
}

Result<CaseSummaryView> case_summary(db::Tx& tx, const cases::CaseSummary& summary, bool whole) {
  auto name = summary.item.empty() ? Result<LocalizedText>(LocalizedText({{"zh-CN", summary.title}})) : services::item_name(tx, summary.item);
  if (!name) return std::unexpected(std::move(name).error());
  JX_TRY(who, applicant(tx, summary.applicant, whole));
  return CaseSummaryView{
      summary.id,        summary.number,    summary.item,   std::move(*name), std::move(who), std::string(cases::name(summary.state)),
      summary.opened_at, summary.closed_at, summary.due_on, std::nullopt};
}

Result<TaskSummary> task_summary(Names& names, const Context& ctx, const cases::TaskView& task, bool of_case) {
  JX_TRY(unit, names.unit(task.unit));
  JX_TRY(name, names.item(task.item, of_case ? task.title : task.number));  // a title may hold a name
  TaskSummary view;
  view.id = task.id;
  view.case_ = task.case_id;
  view.number = task.number;
  view.element = task.element;
  view.name = task.name;
  view.state = cases::name(task.state);
  view.unit = std::move(unit);
  if (!task.post.empty()) view.post = task.post;
  view.mine = task.mine || (!task.holder.nil() && task.holder == ctx.actor.account);
  view.created_at = task.created_at;
  view.done_at = task.done_at;
  view.due_on = task.due_on;
  view.mark = cases::name(task.mark);
  view.case_mark = cases::name(task.case_mark);
  view.clock = clock_view(task.clock);
  view.item_name = std::move(name);
  if (of_case) {
    JX_TRY(who, names.applicant(task.applicant));
    view.applicant = std::move(who);
  }
  if (!task.holder.nil()) {
    JX_TRY(holder, names.staff(task.holder));
    view.holder = std::move(holder);
  }
  view.kind = cases::name(task.kind);
  if (!task.parent.nil()) view.step = task.parent;
  view.waits_for = task.open_sides;
  view.urged = task.urged;
  view.urge_note = present(task.urge_note);
  if (task.state == cases::TaskState::done) {
    view.decision = task.outcome;
    if (const auto named = std::ranges::find(task.outcomes, task.outcome, &cases::Outcome::key); named != task.outcomes.end())
      view.decision_name = named->name;
    view.opinion = task.opinion;
  }
  return view;
}

static Result<std::vector<SupplementView>> supplement_views(Names& names, Deps& deps, const Context& ctx, CaseId id) {
  JX_TRY(found, cases::supplements_of(deps.cases, names.tx(), ctx, id));
  std::vector<SupplementView> list;
  for (auto& one : found) {
    JX_TRY(unit, names.unit(one.asked_unit));
    const bool open = one.state == cases::TaskState::free || one.state == cases::TaskState::claimed;
    list.push_back({one.id, one.step, std::move(one.name), std::move(unit), one.asked_at, std::move(one.missing), std::move(one.legal_basis),
                    one.due_on, open, one.answered_at, present(std::move(one.answer)), present(std::move(one.withdrawn))});
  }
  return list;
}

Result<CaseDetail> case_detail(db::Tx& tx, Deps& deps, const Context& ctx, CaseId id, bool whole) {
  JX_TRY(found, deps.cases.view(tx, ctx, id));
  Names names(tx, deps);
  JX_TRY(summary, case_summary(tx, found.summary, whole));
  JX_TRY(archived, deps.archive.has(tx, id));
  CaseDetail detail{summary.id,
                    summary.number,
                    summary.item,
                    summary.item_name,
                    summary.applicant,
                    summary.state,
                    summary.opened_at,
                    summary.closed_at,
                    summary.due_on,
                    archived,
                    std::nullopt,
                    std::nullopt,
                    std::nullopt,
                    found.form,
                    {},
                    {},
                    flow_view(found),
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    {}};
  JX_TRY(counter, services::counter_of(tx, id));
  if (counter) {
    JX_TRY(name, names.unit(*counter));
    detail.counter = std::move(name);
  }
  detail.clock = clock_view(found.clock);
  detail.statutory = clock_view(found.statutory);
  JX_TRY(form, cases::form_of_case(tx, deps.cases, id));
  if (form) detail.form_definition = form_view(std::move(*form));
  if (const auto application = services::application(tx, id)) {
    JX_TRY(prefills, prefill_views(tx, application->prefills, found.form));
    detail.prefills = std::move(prefills);
  }
  if (whole) std::erase_if(found.timeline, [](const cases::TimelineEvent& event) { return event.inside; });
  JX_TRY(timeline, timeline_views(names, found.timeline, whole));
  detail.timeline = std::move(timeline);
  for (auto& task : found.tasks) {
    if (whole && task.kind != cases::TaskKind::step) continue;  // what offices ask each other
    if (whole) {                                                // the applicant knows the unit
      task.mine = task.mine || task.holder == ctx.actor.account;
      task.holder = AccountId();
    }
    JX_TRY(view, task_summary(names, ctx, task));
    if (whole) {
      view.urge_note.reset();
      view.waits_for = 0;
    }
    detail.tasks.push_back(std::move(view));
  }
  JX_TRY(certificates, services::certificates_for(tx, id));
  for (const auto& certificate : certificates) {
    JX_TRY(view, certificate_summary(tx, certificate));
    detail.certificates.push_back(std::move(view));
  }
  JX_TRY(supplements, supplement_views(names, deps, ctx, id));
  detail.supplements = std::move(supplements);
  JX_CHECK(add_results(tx, deps, ctx, id, detail));
  return detail;
}

namespace {

/// What only those see whom the case concerns.
Result<> add_case(db::Tx& tx, Deps& deps, const Context& ctx, const cases::TaskView& task, TaskDetail& view) {
  JX_TRY(detail, case_detail(tx, deps, ctx, task.case_id, false));
  view.case_ = std::move(detail);
  JX_TRY(uses, exchange::usage_for(tx, task.case_id.uuid()));
  Names names(tx, deps);
  for (const auto& usage : uses) {
    JX_TRY(use, usage_view(names, usage, deps.jurisdiction()->zone.date_of(ctx.now())));
    view.usage.push_back(std::move(use));
  }
  if (task.kind != cases::TaskKind::step) return {};
  JX_TRY(sides, cases::sides_of(deps.cases, tx, ctx, task.id));
  for (const auto& side : sides) {
    JX_TRY(request, request_view(tx, deps, ctx, side));
    view.requests.push_back(std::move(request));
  }
  return {};
}

}  // namespace

Result<TaskDetail> task_detail(db::Tx& tx, Deps& deps, const Context& ctx, const cases::TaskView& task, bool of_case) {
  const auto id = task.id;
  Names names(tx, deps);
  JX_TRY(summary, task_summary(names, ctx, task, of_case));
  TaskDetail view;
  view.task = std::move(summary);
  for (const auto& outcome : task.outcomes) view.outcomes.push_back({outcome.key, outcome.name, outcome.needs_reason});
  if (of_case) JX_CHECK(add_case(tx, deps, ctx, task, view));
  if (task.kind != cases::TaskKind::step) {
    JX_TRY(side, cases::side(deps.cases, tx, ctx, id));
    JX_TRY(request, request_view(tx, deps, ctx, side, of_case));
    view.request = std::move(request);
  }
  JX_TRY(form, cases::form_of_task(tx, deps.cases, id));
  if (form) view.form = form_view(std::move(*form));
  return view;
}

Call::Answer applicant_case_answer(const Call& call, db::Tx& tx, CaseId id) {
  JX_TRY(view, case_detail(tx, call.deps, call.ctx, id, true));
  if (!view.closed_at) {
    const bool may = require_applying(call, tx).has_value();
    if (may) view.actions = {"withdraw", "urge"};
    if (may && std::ranges::any_of(view.supplements, &SupplementView::open)) view.actions.emplace_back("supplement");
  }
  return ok(view);
}

}  // namespace jx::api
