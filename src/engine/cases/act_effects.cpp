// act_effects.cpp - what a step asks of its act, and what its effects become: tasks closed, jobs, subscriptions, incidents, the end of a case.
#include "act.hpp"

#include "cases_sql.hpp"

#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>

#include <algorithm>

namespace jx::cases {

Result<Instant> Act::term_end(Instant from, int n, bool working) const {
  const auto day = calendar_->zone().date_of(from);
  JX_TRY(term, working ? calendar_->add_working_days(day, n) : calendar_->add_days(day, n));
  return calendar_->end_of(*term.due_on);
}

Result<rules::Value> Act::decide(std::string_view decision, const Variables& inputs) {
  if (engine_.needs.decisions == nullptr) return fail(ErrorCode::not_found, {"there are no decisions", "没有决策服务"});
  JX_TRY(key, DecisionId::parse(decision));
  JX_TRY(answer, engine_.needs.decisions->decide(tx_, key, json_of(inputs)));
  JX_TRY(value, rules::from_json(answer.value));
  because_.push_back(std::move(answer.because));
  return value;
}

/// The events of decisions come in the order in which they were made.
std::string Act::next_because() {
  if (because_.empty()) return {};
  const auto words = std::move(because_.front());
  because_.pop_front();
  return words.zh.empty() ? std::string() : words.en + "\n" + words.zh;
}

Result<HostAnswer> Act::script(std::string_view format, std::string_view, const Variables&) {
  return fail(ErrorCode::invalid, {"scripts of format '" + std::string(format) + "' are not run", "不支持的脚本格式"});
}

Result<> Act::apply(const Effect& e) {
  const auto still = [&] { return state_.wait(e.wait) != nullptr; };
  switch (e.kind) {
    case EffectKind::task_opened: return still() ? open_task(e) : Result<>{};
    case EffectKind::task_closed: return close_task(e);
    case EffectKind::job_opened: return still() ? add_job(JobKind::service, e.wait, now_, e.a, {}) : Result<>{};
    case EffectKind::timer_set: {
      if (!still()) return {};
      const bool has_job = std::ranges::any_of(waits_before_, [&](const Wait& w) { return w.id == e.wait; }) || !timers_made_.insert(e.wait).second;
      if (!has_job) return add_job(JobKind::timer, e.wait, e.at, "", {});
      JX_TRY(moved, tx_.run(sql::job_at, row_.id, e.wait, e.at));
      return moved > 0 ? Result<>{} : add_job(JobKind::timer, e.wait, e.at, "", {});
    }
    case EffectKind::message_awaited:
    case EffectKind::signal_awaited:
      if (!still()) return {};
      JX_CHECK(tx_.later(sql::subscription_insert, row_.id, e.wait, e.kind == EffectKind::message_awaited ? 2 : 3, e.a, e.b));
      return {};
    case EffectKind::wait_removed: return remove_wait(e);
    case EffectKind::message_thrown: return add_job(JobKind::message, 0, now_, e.a, {{"correlation", e.b}});
    case EffectKind::signal_thrown: return add_job(JobKind::signal, 0, now_, e.a, {{"from", row_.id.text()}});
    case EffectKind::decided: note(Happened::decided, e.node, next_because()); return {};
    case EffectKind::incident: return incident(e);
    case EffectKind::continues: return add_job(JobKind::resume, 0, now_, "", {});
    case EffectKind::ended: return ended();
    case EffectKind::entered: return {};
  }
  return {};
}

Result<> Act::close_task(const Effect& e) {
  JX_TRY(task, tx_.one(sql::task_cancel, row_.id, e.wait, now_));
  if (!task) return {};
  const bool had_sides = !task->null(22);
  JX_CHECK(changed(std::move(task)));
  note(Happened::task_cancelled, e.node, "");
  return had_sides ? close_sides(e.wait, e.node) : Result<>{};
}

/// What stands beside a step goes with it.
Result<> Act::close_sides(Ref wait, Index node) {
  JX_TRY(open, tx_.all(sql::sides_of_wait, row_.id, wait));
  for (const auto& side : open) {
    JX_CHECK(changed(tx_.one(sql::side_task_close, side.id<TaskId>(0), now_)));
    note(Happened::side_closed, node, "");
    sides_closed_ = true;
  }
  return {};
}

Result<> Act::add_job(JobKind kind, std::int64_t wait, Instant run_at, std::string_view name, const boost::json::object& detail) {
  const auto id = Uuid::make(ctx_.clock, ctx_.random);
  JX_CHECK(tx_.later(sql::job_insert, id.bytes(), row_.id, wait, static_cast<std::int64_t>(kind), run_at, name, wire::to_text(detail)));
  return {};
}

Result<> Act::remove_wait(const Effect& e) {
  const auto it = std::find_if(waits_before_.begin(), waits_before_.end(), [&](const Wait& w) { return w.id == e.wait; });
  if (it == waits_before_.end()) return {};  // came and went within this act
  const bool subscribed = it->kind == WaitKind::message || it->kind == WaitKind::signal;
  JX_CHECK(tx_.later(subscribed ? sql::subscription_delete : sql::job_delete_of_wait, row_.id, e.wait));
  return {};
}

Result<> Act::incident(const Effect& e) {
  const auto code = name(ErrorCode::invalid);  // what a model's expression or decision says is wrong
  JX_CHECK(write_attempt(tx_, row_.id, e.wait, now_, code, e.words));
  return new_incident({row_.id, e.wait, 0, e.node, 1, {}, {}, std::string(code), e.words, std::nullopt});
}

Result<> Act::job_incident(const Uuid& job, Ref wait, Index node, int attempts, const Error& error) {
  return new_incident({row_.id, 0, wait, node, attempts, {}, {}, std::string(name(error.code)), error.message, job});
}

Result<> Act::new_incident(NewIncident incident) {
  incident.process = row_.process.text();
  if (incident.node != no_index) incident.element = definition_->node(incident.node).id;
  JX_CHECK(write_incident(tx_, ctx_, now_, incident));
  ++row_.open_incidents;
  note(Happened::incident, incident.node, "");
  return {};
}

Result<> Act::close_incident(IncidentId id, std::string_view ending) {
  JX_TRY(closed, tx_.run(sql::incident_close, id, now_, ending));
  if (closed == 0) return fail(ErrorCode::conflict, {"this incident is closed already", "该异常已处理"});
  --row_.open_incidents;
  return {};
}

Result<> Act::ended() {
  row_.closed_at = now_;
  ends_now_ = true;
  const bool waited_for_more_than_people = std::ranges::any_of(waits_before_, [](const Wait& w) { return w.kind != WaitKind::task; });
  if (waited_for_more_than_people || continued_before_) {
    JX_CHECK(tx_.later(sql::jobs_delete_of_case, row_.id));
    JX_CHECK(tx_.later(sql::subscriptions_delete_of_case, row_.id));
  }
  row_.paused = 0;
  return {};
}

}  // namespace jx::cases
