#include "machine.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace jx::cases {
namespace {

/// What BPMN lets expressions of a loop see (10.3.8, table 10.30), and the results that are there so far under the name they will have.
std::optional<rules::Value> loop_attribute(const Definition& d, const Scope& sc, std::string_view name) {
  if (sc.kind != ScopeKind::loop) return std::nullopt;
  const Node& n = d.nodes[sc.node];
  const Loop& loop = d.loops[n.loop];
  if (loop.multi_instance && name == (!loop.output_collection.empty() ? loop.output_collection : n.result.empty() ? n.id : n.result)) {
    std::vector<rules::Value> there;
    std::copy_if(sc.results.begin(), sc.results.end(), std::back_inserter(there), [](const rules::Value& v) { return !v.is_null(); });
    return rules::Value::list(std::move(there));
  }
  const auto number = [](std::uint32_t count) { return rules::Value(static_cast<std::int64_t>(count)); };
  if (name == "loopCounter") return number(sc.completed);
  if (name == "numberOfInstances") return number(sc.total);
  if (name == "numberOfActiveInstances") return number(sc.active);
  if (name == "numberOfCompletedInstances") return number(sc.completed);
  if (name == "numberOfTerminatedInstances") return number(sc.terminated);
  return std::nullopt;
}

rules::Value value_of(const Definition& d, const State& s, Ref where, std::string_view name) {
  for (const Scope* sc = s.scope(where); sc != nullptr; sc = sc->kind == ScopeKind::process ? nullptr : s.scope(sc->parent)) {
    for (const Variable& v : sc->variables) {
      if (v.name == name) return v.value;
    }
    if (auto value = loop_attribute(d, *sc, name)) return std::move(*value);
  }
  return {};
}

Result<rules::Value> evaluated(const Definition& d, const State& s, Index expression, Ref where, std::span<const Variable> extra,
                               const OfficeClock& clock) {
  const Expr& expr = d.exprs[expression];
  const auto inputs = expr.program.inputs();
  std::array<rules::Value, 8> few;
  std::vector<rules::Value> many;
  if (inputs.size() > few.size()) many.resize(inputs.size());
  rules::Value* values = many.empty() ? few.data() : many.data();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto it = std::find_if(extra.begin(), extra.end(), [&](const Variable& v) { return v.name == inputs[i].name; });
    values[i] = it != extra.end() ? it->value : value_of(d, s, where, inputs[i].name);
  }
  rules::Options options;
  options.now = clock.now();
  options.zone = clock.zone();
  auto outcome = expr.program.evaluate(std::span<const rules::Value>(values, inputs.size()), options);
  if (outcome.value.is_null() && !outcome.diagnostics.empty()) {
    const std::string text = outcome.diagnostics.front().text("en");
    return fail(ErrorCode::invalid,
                {"`" + expr.text + "` has no value: " + text, "“" + expr.text + "”求值失败：" + outcome.diagnostics.front().text("zh-CN")});
  }
  return std::move(outcome.value);
}

}  // namespace

Result<rules::Value> evaluate(const Definition& definition, const State& state, Ref scope, Index expression, const OfficeClock& clock) {
  return evaluated(definition, state, expression, scope, {}, clock);
}

Variables visible(const State& state, Ref where) {
  Variables out;
  for (const Scope* sc = state.scope(where); sc != nullptr; sc = sc->kind == ScopeKind::process ? nullptr : state.scope(sc->parent)) {
    for (const Variable& v : sc->variables) {
      const bool hidden = v.name.starts_with('@') || std::any_of(out.begin(), out.end(), [&](const Variable& x) { return x.name == v.name; });
      if (!hidden) out.push_back(v);
    }
  }
  return out;
}

Result<rules::Value> Machine::eval(Index expression, Ref where, std::span<const Variable> extra) {
  return evaluated(d_, s_, expression, where, extra, host_);
}

Result<bool> Machine::holds(Index expression, Ref where, std::span<const Variable> extra) {
  JX_TRY(value, eval(expression, where, extra));
  return value.is_true();
}

void Machine::declare(Ref where, std::string_view name, rules::Value value) {
  auto& variables = scope(where)->variables;
  const auto it = std::find_if(variables.begin(), variables.end(), [&](const Variable& v) { return v.name == name; });
  if (it != variables.end())
    it->value = std::move(value);
  else
    variables.push_back({std::string(name), std::move(value)});
  changed_ = true;
}

void Machine::set(Ref where, std::string_view name, rules::Value value) {
  Scope* sc = scope(where);
  for (;; sc = scope(sc->parent)) {
    const bool here = std::any_of(sc->variables.begin(), sc->variables.end(), [&](const Variable& v) { return v.name == name; });
    if (here || sc->kind == ScopeKind::process || sc->parent == 0) return declare(sc->id, name, std::move(value));
  }
}

void Machine::set_all(Ref where, const Variables& variables) {
  for (const Variable& v : variables) set(where, v.name, v.value);
}

Result<> Machine::copy_data(const std::vector<DataCopy>& copies, Ref where) {
  for (const DataCopy& copy : copies) {
    for (const auto& assignment : copy.assignments) {
      if (assignment.from == no_index) continue;
      JX_TRY(value, eval(assignment.from, where));
      set(where, assignment.to, std::move(value));
    }
    if (!copy.assignments.empty()) continue;
    if (copy.transformation != no_index) {
      JX_TRY(value, eval(copy.transformation, where));
      set(where, copy.target, std::move(value));
    } else if (!copy.sources.empty()) {
      rules::Value value = value_of(d_, s_, where, copy.sources.front());
      if (!value.is_null()) set(where, copy.target, std::move(value));
    }
  }
  return {};
}

Result<std::string> Machine::text_of(const TextOrExpr& text, Ref where) {
  if (text.expr == no_index) return text.text;
  JX_TRY(value, eval(text.expr, where));
  if (value.is_null()) return std::string();
  if (!value.is(rules::Kind::string))
    return fail(ErrorCode::invalid, {"`" + d_.exprs[text.expr].text + "` must give a text", "“" + d_.exprs[text.expr].text + "”的值应为文本"});
  return std::string(value.string());
}

Result<> Machine::set_timer(const EventDef& def, Ref where, Wait& w) {
  const Instant now = host_.now();
  std::string text = def.when.text;
  if (def.when.expr != no_index) {
    JX_TRY(value, eval(def.when.expr, where));
    using rules::Kind;
    if (value.is(Kind::string))
      text = value.string();
    else if (value.is(Kind::date))
      text = value.date().text();
    else if (value.is(Kind::date_time))
      text = value.date_time().text();
    else if (value.is(Kind::days_time_duration))
      text = value.span().text();
    else if (value.is(Kind::years_months_duration))
      text = value.months().text();
    else
      return fail(ErrorCode::invalid,
                  {"`" + d_.exprs[def.when.expr].text + "` gives no date or duration", "“" + d_.exprs[def.when.expr].text + "”的值不是日期或时长"});
  }
  const auto wrong = [&] { return fail(ErrorCode::invalid, {"'" + text + "' is not a time that a timer can use", "“" + text + "”不是有效的时间"}); };
  if (def.timer == TimerKind::date) {
    const auto at = parse_date(text, host_.zone());
    if (!at) return wrong();
    w.due = *at;
    w.repeats = 1;
    return {};
  }
  if (def.timer == TimerKind::duration) {
    const auto duration = parse_duration(text);
    if (!duration) return wrong();
    JX_TRY(at, after(host_, now, *duration));
    w.due = at;
    w.repeats = 1;
    return {};
  }
  const auto cycle = parse_cycle(text);
  if (!cycle) return wrong();
  const bool first = w.id == 0;
  if (first) {
    w.repeats = cycle->repetitions;
    if (cycle->start && *cycle->start > now) {
      w.due = *cycle->start;
      return {};
    }
    JX_TRY(at, after(host_, cycle->start.value_or(now), cycle->step));
    w.due = std::max(at, cycle->start ? now : at);
    return {};
  }
  JX_TRY(at, after(host_, w.due, cycle->step));
  if (at <= w.due) return wrong();
  w.due = at;
  if (cycle->end && w.due > *cycle->end) w.repeats = 0;
  return {};
}

}  // namespace jx::cases
