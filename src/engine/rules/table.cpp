#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jx::rules {
namespace {

Value output_value(const TableNode& table, Run& run, std::size_t column, const NodePtr& node) {
  const auto& output = table.outputs[column];
  Value value = node->eval(run);
  if (!output.type && !output.allowed) return value;
  if (!conforms(value, output.type)) {
    auto fitted = fit(value, output.type);
    if (!fitted)
      return run.report(DiagnosticCode::type, node->at,
                        {fmt::format("the output is {}, not {}", name(value.kind()), type_text(output.type)),
                         fmt::format("输出是 {}，应为 {}", name(value.kind()), type_text(output.type))});
    value = std::move(*fitted);
  }
  return value;
}

}  // namespace

std::optional<LocalDate> day_of(const Options& options) {
  if (options.as_of) return options.as_of;
  if (!options.now) return std::nullopt;
  const auto zone = options.zone == "UTC" ? std::optional(Zone::utc()) : Zone::named(options.zone);
  const auto date = DateTime::at(*options.now, zone.value_or(Zone::utc())).date();
  return LocalDate{static_cast<std::int32_t>(date.days)};
}

bool TableNode::applies(Run& run, const TableRule& rule, std::span<Value> values) const {
  for (std::size_t i = 0; i < rule.tests.size(); ++i) {
    if (!rule.tests[i]) continue;
    run.site = rule.sites[i];
    if (rule.tests[i]->holds(run, values[i]) != Truth::yes) return false;
  }
  if (!rule.validity.bounded()) return true;
  const auto day = day_of(run.options);
  return day && rule.validity.includes(*day);
}

Value TableNode::output(Run& run, const TableRule& rule) const {
  if (outputs.size() == 1) return output_value(*this, run, 0, rule.outputs[0]);
  std::vector<Entry> entries;
  entries.reserve(outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) entries.push_back({outputs[i].name, output_value(*this, run, i, rule.outputs[i])});
  return Value::context(std::move(entries));
}

Value TableNode::defaults(Run& run) const {
  if (std::ranges::none_of(outputs, [](const TableOutput& o) { return o.otherwise != nullptr; })) return {};
  if (outputs.size() == 1) return output_value(*this, run, 0, outputs[0].otherwise);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    entries.push_back({outputs[i].name, outputs[i].otherwise ? output_value(*this, run, i, outputs[i].otherwise) : Value()});
  return Value::context(std::move(entries));
}

Value TableNode::eval(Run& run) const {
  const Site* const outer = std::exchange(run.site, site);
  Value value = decide(run);
  run.site = outer;
  return value;
}

Value TableNode::decide(Run& run) const {
  Frame values(run.stack, inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto& input = inputs[i];
    values[i] = input.expression->eval(run);
    if (input.allowed && !values[i].is_null() && input.allowed->holds(run, values[i]) != Truth::yes)
      return run.report(DiagnosticCode::value, 0,
                        {fmt::format("'{}' is not among the input values: {}", input.label, input.allowed_text),
                         fmt::format("“{}”不在输入取值之内：{}", input.label, input.allowed_text)});
  }
  if (run.trace_now)
    for (std::size_t i = 0; i < inputs.size(); ++i)
      run.trace_now->inputs.emplace_back(inputs[i].label, values[i].weight() <= run.options.limits.parts ? values[i] : Value());
  const std::span<Value> given(values.data(), inputs.size());
  const auto note = [&](const TableRule& rule) {
    if (!run.trace_now) return;
    run.trace_now->hits.push_back({static_cast<std::size_t>(&rule - rules.data()) + 1, rule.id, rule.annotations});
    auto& laws = run.trace_now->laws;
    for (const auto& law : rule.laws)
      if (std::ranges::find(laws, law) == laws.end()) laws.push_back(law);
  };
  if (policy == HitPolicy::first) {
    for (const auto& rule : rules) {
      if (!applies(run, rule, given)) continue;
      note(rule);
      return output(run, rule);
    }
    return defaults(run);
  }
  if (policy == HitPolicy::unique) {
    const TableRule* hit = nullptr;
    for (const auto& rule : rules) {
      if (!applies(run, rule, given)) continue;
      note(rule);
      if (hit) {
        run.site = site;
        return run.report(
            DiagnosticCode::hit_policy, 0,
            {fmt::format("rules {} and {} both apply, but at most one may (hit policy UNIQUE)", hit - rules.data() + 1, &rule - rules.data() + 1),
             fmt::format("规则 {} 和 {} 同时命中，而命中策略 UNIQUE 只允许一条", hit - rules.data() + 1, &rule - rules.data() + 1)});
      }
      hit = &rule;
    }
    return hit ? output(run, *hit) : defaults(run);
  }
  std::vector<const TableRule*> hits;
  for (const auto& rule : rules) {
    if (!run.step()) return {};
    if (!applies(run, rule, given)) continue;
    note(rule);
    hits.push_back(&rule);
  }
  return policy == HitPolicy::any || policy == HitPolicy::priority ? one(run, hits) : many(run, hits);
}

Value TableNode::one(Run& run, const std::vector<const TableRule*>& hits) const {
  if (hits.empty()) return defaults(run);
  std::vector<Value> results;
  for (const auto* hit : hits) results.push_back(output(run, *hit));
  if (policy == HitPolicy::priority) {
    sort_by_priority(run, results);
  } else if (std::ranges::any_of(results, [&](const Value& other) { return !(other == results.front()); })) {
    return run.report(DiagnosticCode::hit_policy, 0,
                      {"rules with different outputs apply (hit policy ANY)", "多条规则命中但输出不同（命中策略 ANY）"});
  }
  return results.front();
}

Value TableNode::many(Run& run, const std::vector<const TableRule*>& hits) const {
  if (hits.empty() && aggregation != Aggregation::count) {
    Value value = defaults(run);
    if (!value.is_null() || aggregation != Aggregation::none) return value;
    return Value::list({});
  }
  std::vector<Value> results;
  for (const auto* hit : hits) results.push_back(output(run, *hit));
  if (policy == HitPolicy::output_order) sort_by_priority(run, results);
  if (aggregation != Aggregation::none) return aggregate(run, std::move(results));
  return run.list(std::move(results), at);
}

// By the place of each output in its column's output values, the first column counting most.
void TableNode::sort_by_priority(Run& run, std::vector<Value>& results) const {
  const auto rank = [&](const Value& result, std::size_t column) {
    const auto& output = outputs[column];
    const Value* value = outputs.size() == 1 ? &result : result.find(output.name);
    for (std::size_t i = 0; value && i < output.priority.size(); ++i)
      if (is_in(run, *value, output.priority[i]) == Truth::yes) return i;
    return output.priority.size();
  };
  std::ranges::stable_sort(results, [&](const Value& a, const Value& b) {
    for (std::size_t column = 0; column < outputs.size(); ++column) {
      const auto x = rank(a, column), y = rank(b, column);
      if (x != y) return x < y;
    }
    return false;
  });
}

Value TableNode::aggregate(Run& run, std::vector<Value> results) const {
  if (aggregation == Aggregation::count) return Value(static_cast<std::int64_t>(results.size()));
  Value total = results.front();
  if (aggregation == Aggregation::sum && total.is(Kind::string)) return run.report(DiagnosticCode::type, at, {"texts have no sum", "文本不能求和"});
  for (std::size_t i = 1; i < results.size(); ++i) {
    if (aggregation == Aggregation::sum) {
      total = add_values(run, total, results[i], at);
      continue;
    }
    const auto ordering = order(results[i], total);
    if (!ordering) return run.report(DiagnosticCode::type, at, {"the outputs cannot be compared", "输出不能比较"});
    if (aggregation == Aggregation::min ? *ordering < 0 : *ordering > 0) total = results[i];
  }
  return total;
}

}  // namespace jx::rules
