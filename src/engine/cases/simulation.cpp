#include <jx/cases/simulation.hpp>

#include "state_codec.hpp"
#include "step.hpp"

#include <jx/rules/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace jx::cases {
namespace {

boost::json::object object_of(const Variables& variables) {
  boost::json::object out;
  for (const auto& v : variables) out[v.name] = rules::to_json(v.value);
  return out;
}

Result<Variables> variables_of(const boost::json::object& object) {
  Variables out;
  for (const auto& [key, value] : object) {
    JX_TRY(made, rules::from_json(value));
    out.push_back({std::string(key), std::move(made)});
  }
  return out;
}

}  // namespace

struct Simulation::Impl final : Host {
  struct Running {
    Index process = no_index;
    State state;
    std::vector<Words> faults;
  };
  struct Thrown {
    bool is_signal = false;
    std::string name;
    std::string correlation;
    std::size_t from = SIZE_MAX;
    Variables variables;
  };
  struct StartTimer {
    StartTrigger trigger;
    Instant due;
    std::int64_t repeats = 1;
    Duration step;
  };

  DefinitionPtr definition;
  Instant clock;
  std::vector<std::pair<std::string, ScriptHandler>> scripts;
  DecisionHandler decisions;
  std::vector<std::unique_ptr<Running>> running;
  std::vector<Thrown> thrown;
  std::vector<StartTimer> start_timers;
  std::set<std::tuple<Index, Index, std::uint16_t>> seen;  // of parallel multiple start events
  std::vector<std::pair<Index, Variables>> asked;          // processes that were asked to start and wait for their trigger
  std::vector<std::string> entered;
  std::vector<Instant> entered_at;
  std::map<std::pair<std::size_t, Ref>, std::string> correlations;
  std::size_t steps = 0;

  // Host
  [[nodiscard]] Instant now() const override { return clock; }
  [[nodiscard]] std::string_view zone() const override { return "UTC"; }
  [[nodiscard]] Result<Instant> term_end(Instant from, int n, bool working) const override {
    // Without a calendar every day but Saturday and Sunday is worked.
    auto day = LocalDate{static_cast<std::int32_t>(from.micros / 86'400'000'000)};
    for (int left = n; left > 0;) {
      day = day + 1;
      if (!working || (day.weekday() != 0 && day.weekday() != 6)) --left;
    }
    return Instant{(std::int64_t{day.days} + 1) * 86'400'000'000};
  }
  Result<rules::Value> decide(std::string_view decision, const Variables& inputs) override {
    if (!decisions) return fail(ErrorCode::not_found, {"there is no decision '" + std::string(decision) + "'", "没有决策"});
    JX_TRY(answer, decisions(decision, object_of(inputs)));
    return rules::from_json(answer);
  }
  Result<HostAnswer> script(std::string_view format, std::string_view text, const Variables& variables) override {
    for (const auto& [known, handler] : scripts) {
      if (known != format) continue;
      JX_TRY(answer, handler(text, object_of(variables)));
      HostAnswer out;
      JX_TRY(made, variables_of(answer.variables));
      out.variables = std::move(made);
      out.error_code = answer.error_code;
      out.takes = answer.takes;
      return out;
    }
    return fail(ErrorCode::not_found, {"scripts of format '" + std::string(format) + "' are not run", "不支持的脚本格式"});
  }

  Result<> run(std::size_t index, const Event& event) {
    JX_TRY(more, run_once(index, event));
    for (bool again = more; again;) {
      JX_TRY(still_more, run_once(index, Continue{}));
      again = still_more;
    }
    return {};
  }

  /// Whether the act was too long and goes on.
  Result<bool> run_once(std::size_t index, const Event& event) {
    if (++steps > simulation_steps_max) return fail(ErrorCode::limited, {"the simulation takes too many steps", "模拟步数过多"});
    Running& r = *running[index];
    JX_TRY(effects, step(*definition, r.state, event, *this));
    bool more = false;
    for (auto& e : effects) {
      switch (e.kind) {
        case EffectKind::incident: r.faults.push_back(e.words); break;
        case EffectKind::message_thrown: thrown.push_back({false, e.a, e.b, index, {}}); break;
        case EffectKind::signal_thrown: thrown.push_back({true, e.a, "", index, {}}); break;
        case EffectKind::message_awaited: correlations[{index, e.wait}] = e.b; break;
        case EffectKind::entered:
          entered.push_back(definition->nodes[e.node].id);
          entered_at.push_back(clock);
          break;
        case EffectKind::continues: more = true; break;
        default: break;
      }
    }
    return more;
  }

  Result<> begin(Index process, Index node, Index gateway, Variables variables) {
    if (running.size() >= simulation_instances_max) return fail(ErrorCode::limited, {"the simulation has too many instances", "模拟实例过多"});
    auto r = std::make_unique<Running>();
    r->process = process;
    running.push_back(std::move(r));
    return run(running.size() - 1, Start{process, node, gateway, std::move(variables)});
  }

  [[nodiscard]] Variables variables_asked(Index process) const {
    for (const auto& [asked_for, variables] : asked) {
      if (asked_for == process) return variables;
    }
    return {};
  }

  void trigger(const StartTrigger& t, const Variables& came = {}) {
    const Node& n = definition->nodes[t.node];
    if (n.parallel_multiple) {
      seen.insert({t.process, t.node, t.event});
      for (std::uint16_t i = 0; i < n.events.size(); ++i) {
        if (!seen.contains({t.process, t.node, i})) return;
      }
      for (std::uint16_t i = 0; i < n.events.size(); ++i) seen.erase({t.process, t.node, i});
    }
    Variables variables = variables_asked(t.process);
    for (const auto& v : came) {
      std::erase_if(variables, [&](const Variable& asked_for) { return asked_for.name == v.name; });
      variables.push_back(v);
    }
    (void)begin(t.process, t.node, t.gateway, std::move(variables));
  }

  /// Whether somebody took it.
  bool deliver(const Thrown& x) {
    bool taken = false;
    const std::size_t count = running.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (x.is_signal && i == x.from) continue;  // the thrower had it within its step
      std::vector<Ref> waits;
      for (const Wait& w : running[i]->state.waits) {
        const bool kind = w.kind == (x.is_signal ? WaitKind::signal : WaitKind::message);
        if (kind && definition->nodes[w.node].events[w.event].name == x.name && (x.is_signal || correlations[{i, w.id}] == x.correlation))
          waits.push_back(w.id);
      }
      if (waits.empty()) continue;
      taken = true;
      if (x.is_signal)
        (void)run(i, SignalCame{x.name, x.variables, false});
      else
        (void)run(i, Occurred{waits.front(), x.variables});
      if (!x.is_signal) return true;
    }
    for (const auto& t : start_triggers(*definition)) {
      const EventDef& def = definition->nodes[t.node].events[t.event];
      if (def.kind != (x.is_signal ? EventKind::signal : EventKind::message) || def.name != x.name) continue;
      trigger(t, x.variables);
      taken = true;
      if (!x.is_signal) return true;
    }
    return taken || x.is_signal;
  }

  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t i = 0; i < thrown.size(); ++i) {
        const Thrown x = thrown[i];
        thrown.erase(thrown.begin() + static_cast<std::ptrdiff_t>(i));
        if (deliver(x)) {
          moved = true;
          break;
        }
        thrown.insert(thrown.begin() + static_cast<std::ptrdiff_t>(i), x);
      }
      if (steps > simulation_steps_max) return;
    }
  }

  void arm_start_timers() {
    for (const auto& t : start_triggers(*definition)) {
      const EventDef& def = definition->nodes[t.node].events[t.event];
      if (def.kind != EventKind::timer || def.when.expr != no_index) continue;
      StartTimer timer{t, clock, 1, {}};
      if (def.timer == TimerKind::date) {
        timer.due = parse_date(def.when.text, "UTC").value_or(clock);
      } else if (def.timer == TimerKind::duration) {
        timer.due = after(*this, clock, parse_duration(def.when.text).value_or(Duration{})).value_or(clock);
      } else if (const auto cycle = parse_cycle(def.when.text)) {
        timer.repeats = cycle->repetitions;
        timer.step = cycle->step;
        timer.due = cycle->start.value_or(after(*this, clock, cycle->step).value_or(clock));
      }
      start_timers.push_back(timer);
    }
  }

  /// Fires what is due first, not later than `until`. False: nothing is.
  bool fire_next(Instant until) {
    std::optional<Instant> due;
    std::size_t instance = SIZE_MAX, start = SIZE_MAX;
    Ref wait = 0;
    for (std::size_t i = 0; i < running.size(); ++i) {
      for (const Wait& w : running[i]->state.waits) {
        if (w.kind != WaitKind::timer || (due && *due <= w.due)) continue;
        due = w.due;
        instance = i;
        wait = w.id;
      }
    }
    for (std::size_t i = 0; i < start_timers.size(); ++i) {
      if (start_timers[i].repeats == 0 || (due && *due <= start_timers[i].due)) continue;
      due = start_timers[i].due;
      start = i;
    }
    if (!due || *due > until) return false;
    clock = std::max(clock, *due);
    if (start == SIZE_MAX) {
      (void)run(instance, Occurred{wait, {}});
    } else {
      StartTimer& t = start_timers[start];
      if (t.repeats > 0) --t.repeats;
      if (t.repeats != 0) t.due = after(*this, t.due, t.step).value_or(t.due + Micros{1});
      trigger(StartTrigger(t.trigger));
    }
    settle();
    return steps <= simulation_steps_max;
  }
};

Simulation::Simulation(DefinitionPtr definition, Instant start) : impl_(std::make_unique<Impl>()) {
  impl_->definition = std::move(definition);
  impl_->clock = start;
  impl_->arm_start_timers();
}
Simulation::~Simulation() = default;

void Simulation::on_script(std::string format, ScriptHandler handler) { impl_->scripts.emplace_back(std::move(format), std::move(handler)); }
void Simulation::on_decision(DecisionHandler handler) { impl_->decisions = std::move(handler); }

Result<> Simulation::start(std::string_view process, const boost::json::object& variables) {
  const auto& definition = *impl_->definition;
  Index index = no_index;
  for (const Index p : definition.processes) {
    if (definition.nodes[p].id == process) index = p;
  }
  if (index == no_index)
    return fail(ErrorCode::not_found,
                {"there is no executable process '" + std::string(process) + "'", "没有可执行流程“" + std::string(process) + "”"});
  JX_TRY(given, variables_of(variables));
  if (starts_plainly(definition, index)) {
    JX_CHECK(impl_->begin(index, no_index, no_index, std::move(given)));
    impl_->settle();
    return {};
  }
  impl_->asked.emplace_back(index, given);
  for (const auto& t : start_triggers(definition)) {
    const EventDef& def = definition.nodes[t.node].events[t.event];
    if (t.process != index || def.kind != EventKind::conditional || def.condition == no_index) continue;
    State only;  // conditions of a start see the variables that were given
    only.scopes.emplace_back();
    only.scopes.back().id = 1;
    only.scopes.back().variables = given;
    auto held = evaluate(definition, only, 1, def.condition, *impl_);
    if (held && held->is_true()) impl_->trigger(t);
  }
  impl_->settle();
  return {};
}

void Simulation::run_for(Micros time) {
  const Instant until = impl_->clock + time;
  while (impl_->fire_next(until)) {
  }
  impl_->clock = std::max(impl_->clock, until);
}

void Simulation::message(std::string_view name, std::string_view correlation, const boost::json::object& variables) {
  impl_->thrown.push_back({false, std::string(name), std::string(correlation), SIZE_MAX, variables_of(variables).value_or(Variables{})});
  impl_->settle();
}

void Simulation::signal(std::string_view name, const boost::json::object& variables) {
  impl_->thrown.push_back({true, std::string(name), "", SIZE_MAX, variables_of(variables).value_or(Variables{})});
  impl_->settle();
}

std::vector<Simulation::Task> Simulation::tasks() const {
  std::vector<Task> out;
  for (std::size_t i = 0; i < impl_->running.size(); ++i) {
    for (const Wait& w : impl_->running[i]->state.waits) {
      if (w.kind != WaitKind::task && w.kind != WaitKind::job) continue;
      const Node& n = impl_->definition->nodes[w.node];
      out.push_back({i, w.id, n.id, w.kind == WaitKind::job ? n.handler : ""});
    }
  }
  return out;
}

Result<> Simulation::complete(const Task& task, const boost::json::object& result, std::string_view error_code) {
  if (task.instance >= impl_->running.size()) return fail(ErrorCode::conflict, {"this task is not open", "该任务不在办理中"});
  Completed event{task.wait, {}, {}, std::string(error_code)};
  JX_TRY(given, variables_of(result));
  if (!task.handler.empty()) {
    event.variables = std::move(given);
  } else {
    std::vector<rules::Entry> entries;
    for (auto& v : given) entries.push_back({v.name, std::move(v.value)});
    event.result = rules::Value::context(std::move(entries));
  }
  JX_CHECK(impl_->run(task.instance, event));
  impl_->settle();
  return {};
}

std::vector<Simulation::Instance> Simulation::instances() const {
  std::vector<Instance> out;
  for (const auto& r : impl_->running) {
    Instance i;
    i.process = impl_->definition->nodes[r->process].id;
    i.ended = r->state.ended();
    constexpr std::string_view endings[] = {"", "completed", "terminated", "error", "cancelled"};
    i.ending = endings[static_cast<std::size_t>(r->state.ending)];
    i.result = r->state.result;
    for (const Token& t : r->state.tokens) i.waits_at.push_back(impl_->definition->nodes[t.node].id);
    i.faults = r->faults;
    if (!r->state.scopes.empty()) i.variables = object_of(visible(r->state, r->state.scopes.front().id));
    out.push_back(std::move(i));
  }
  return out;
}

const std::vector<std::string>& Simulation::entered() const { return impl_->entered; }
const std::vector<Instant>& Simulation::entered_at() const { return impl_->entered_at; }
Instant Simulation::now() const { return impl_->clock; }

}  // namespace jx::cases
