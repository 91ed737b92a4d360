// check.cpp - what is wrong with a model before anything is decided.
//
// A table is checked where its cells are constant. Each column is cut at the constants of its cells, and one value stands for each
// piece: what the compiled tests say of that value holds for the whole piece. So gaps and overlaps are exact, and come with an example.
#include "parser.hpp"
#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace jx::rules {
namespace {

constexpr std::size_t states_max = 50'000;     // of the search for gaps
constexpr std::size_t pair_rules_max = 1'000;  // compared two by two
constexpr std::size_t findings_of_table_max = 20;

using Bits = std::vector<std::uint64_t>;

Bits bits(std::size_t count, bool value) {
  Bits b((count + 63) / 64, value ? ~std::uint64_t{0} : 0);
  if (value && count % 64 != 0) b.back() = (std::uint64_t{1} << (count % 64)) - 1;
  return b;
}
void set(Bits& b, std::size_t i) { b[i / 64] |= std::uint64_t{1} << (i % 64); }
bool has(const Bits& b, std::size_t i) { return (b[i / 64] >> (i % 64) & 1) != 0; }
bool any(const Bits& b) {
  return std::ranges::any_of(b, [](std::uint64_t word) { return word != 0; });
}
Bits both(Bits a, const Bits& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] &= b[i];
  return a;
}

/// Adds a value and the ends of ranges within it.
void add_constant(const Value& value, std::vector<Value>& out) {
  if (value.is(Kind::range)) {
    if (!value.range().low_unbounded) add_constant(value.range().low, out);
    if (!value.range().high_unbounded) add_constant(value.range().high, out);
  } else if (value.is(Kind::list)) {
    for (const auto& item : value.items()) add_constant(item, out);
  } else if (!value.is_null()) {
    out.push_back(value);
  }
}

/// The constants of a cell; false if something in it is not constant.
bool constants_of(const Ast& ast, std::vector<Value>& out) {
  static const Site nowhere;
  switch (ast.op) {
    case Op::any_value: return true;
    case Op::unary_tests: return std::ranges::all_of(ast.kids, [&](const AstPtr& kid) { return constants_of(*kid, out); });
    case Op::test_compare:
    case Op::test_value: {
      if (ast.uses_input) return false;
      const auto node = compile(*ast.kids[0], nowhere);
      if (!node->constant()) return false;
      add_constant(*node->constant(), out);
      return true;
    }
    default: return false;
  }
}

std::vector<Value> constants_of_text(const std::string& text) {
  std::vector<Value> out;
  Environment nothing;
  Names names(nothing);
  const std::size_t slot = names.declare("?", nullptr);
  if (const auto tests = parse_unary_tests(text, names, slot, nullptr)) constants_of(**tests, out);
  return out;
}

/// Values just below, at and above a constant, and between neighbours: one for each piece of the line.
std::vector<Value> around(std::vector<Value> constants, Run& run) {
  std::ranges::sort(constants, [](const Value& a, const Value& b) { return order(a, b).value_or(0) < 0; });
  constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
  const Kind kind = constants.front().kind();
  std::vector<Value> values;
  if (kind == Kind::string) {
    values.emplace_back("");
    for (const auto& constant : constants) {
      values.push_back(constant);
      values.emplace_back(std::string(constant.string()) + "*");  // sorts right behind it
    }
    return values;
  }
  const Value step = kind == Kind::number                  ? Value(1)
                     : kind == Kind::years_months_duration ? Value(Months{1})
                     : kind == Kind::date                  ? Value(Span{86'400, 0})
                                                           : Value(Span{1, 0});
  values.push_back(subtract_values(run, constants.front(), step, 0));
  for (std::size_t i = 0; i < constants.size(); ++i) {
    values.push_back(constants[i]);
    if (i + 1 < constants.size() && kind == Kind::number) {
      const auto sum = add(constants[i].number(), constants[i + 1].number());
      const auto middle = sum ? multiply(*sum, *Number::from_parts(false, 5, -1)) : std::nullopt;
      if (middle) values.emplace_back(*middle);
    } else {
      values.push_back(add_values(run, constants[i], step, 0));
    }
  }
  return values;
}

struct Column {
  std::vector<Value> values;  // one for each piece
  std::vector<Bits> rules;    // of each value: the rules whose cell holds
  std::vector<Bits> sure;     // the same, without cells that are not constant
};

class TableCheck {
 public:
  TableCheck(const Element& element, const TableNode& table, std::size_t frame_size, std::vector<Finding>& findings)
      : element_(element), table_(table), findings_(findings), run_(options_, diagnostics_), locals_(run_.stack, frame_size) {
    run_.frame = locals_.data();
    run_.site = table.site;
  }

  void run() {
    check_outputs();
    if (table_.inputs.empty() || table_.rules.empty() || table_.dated) return;
    for (std::size_t i = 0; i < table_.inputs.size(); ++i) columns_.push_back(column(i));
    check_dead_rules();
    if (table_.policy == HitPolicy::unique || table_.policy == HitPolicy::any) check_overlaps();
    if (table_.policy == HitPolicy::first) check_hidden_rules();
    const bool single = table_.policy == HitPolicy::unique || table_.policy == HitPolicy::any || table_.policy == HitPolicy::first ||
                        table_.policy == HitPolicy::priority;
    if (single && std::ranges::none_of(table_.outputs, [](const TableOutput& o) { return o.otherwise != nullptr; })) check_gaps();
  }

 private:
  Column column(std::size_t index) {
    const auto& input = table_.inputs[index];
    std::vector<Value> constants;
    std::vector<bool> opaque(table_.rules.size());
    for (std::size_t r = 0; r < table_.rules.size(); ++r)
      if (const auto& cell = table_.rules[r].test_asts[index]) opaque[r] = !constants_of(*cell, constants);
    if (!input.allowed_text.empty()) std::ranges::copy(constants_of_text(input.allowed_text), std::back_inserter(constants));
    if (input.type && input.type->allowed) std::ranges::copy(constants_of_text(input.type->allowed->text()), std::back_inserter(constants));
    Column column;
    for (auto& value : pieces(constants, input.type))
      if (allowed(input, value)) column.values.push_back(std::move(value));
    if (column.values.empty()) column.values.emplace_back();
    for (const auto& value : column.values) {
      Bits possible = bits(table_.rules.size(), false), certain = possible;
      for (std::size_t r = 0; r < table_.rules.size(); ++r) {
        const auto& test = table_.rules[r].tests[index];
        const bool holds = opaque[r] || !test || test->holds(run_, value) == Truth::yes;
        if (holds) set(possible, r);
        if (holds && !opaque[r]) set(certain, r);
      }
      column.rules.push_back(std::move(possible));
      column.sure.push_back(std::move(certain));
    }
    return column;
  }

  std::vector<Value> pieces(const std::vector<Value>& constants, const TypePtr& type) {
    if (kind_of(type) == TypeKind::boolean || (!constants.empty() && constants.front().is(Kind::boolean))) return {Value(true), Value(false)};
    std::map<Kind, std::vector<Value>> by_kind;
    for (const auto& constant : constants)
      if (order(constant, constant)) by_kind[constant.kind()].push_back(constant);
    std::vector<Value> values;
    for (const auto& [kind, of_kind] : by_kind) std::ranges::move(around(of_kind, run_), std::back_inserter(values));
    return values;
  }

  bool allowed(const TableInput& input, const Value& value) {
    if (value.is_null()) return false;
    if (input.allowed && input.allowed->holds(run_, value) == Truth::no) return false;
    return conforms(value, input.type) && !broken_constraint(run_, value, input.type);
  }

  // --- findings --------------------------------------------------------------------------------------------------------------------
  void add(Finding::Severity severity, Finding::Code code, std::vector<std::size_t> rules, Value example, Words message) {
    if (++count_ > findings_of_table_max) return;
    Finding finding;
    finding.severity = severity;
    finding.code = code;
    finding.decision = element_.name;
    finding.rules = std::move(rules);
    finding.example = std::move(example);
    finding.message = {fmt::format("{}: {}", element_.name, message.en), fmt::format("{}：{}", element_.name, message.zh)};
    findings_.push_back(std::move(finding));
  }

  Value example(const std::vector<std::size_t>& point) const {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < point.size(); ++i)
      if (!columns_[i].values[point[i]].is_null()) entries.push_back({table_.inputs[i].label, columns_[i].values[point[i]]});
    return Value::context(std::move(entries));
  }
  static std::string said(const Value& example) {
    std::string text;
    for (const auto& entry : example.entries()) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", entry.key, entry.value.text(60));
    return text;
  }

  void check_outputs() {
    for (std::size_t r = 0; r < table_.rules.size(); ++r) {
      for (std::size_t c = 0; c < table_.outputs.size(); ++c) {
        const Value* value = table_.rules[r].outputs[c]->constant();
        const auto& output = table_.outputs[c];
        if (!value || value->is_null()) continue;
        if (fit(*value, output.type) && (!output.allowed || output.allowed->holds(run_, *value) != Truth::no)) continue;
        add(Finding::Severity::error, Finding::Code::output_not_allowed, {r + 1}, *value,
            {fmt::format("rule {} gives {}, which is not allowed", r + 1, value->text(60)),
             fmt::format("规则 {} 的输出 {} 不在允许的取值之内", r + 1, value->text(60))});
      }
    }
  }

  void check_dead_rules() {
    for (std::size_t r = 0; r < table_.rules.size(); ++r) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        if (std::ranges::any_of(columns_[c].rules, [&](const Bits& b) { return has(b, r); })) continue;
        const auto& label = table_.inputs[c].label;
        add(Finding::Severity::warning, Finding::Code::unreachable_rule, {r + 1}, {},
            {fmt::format("rule {} never applies: no value of '{}' meets its condition", r + 1, label),
             fmt::format("规则 {} 永远不会命中：“{}”没有符合其条件的取值", r + 1, label)});
        break;
      }
    }
  }

  void check_overlaps() {
    const std::size_t count = std::min(table_.rules.size(), pair_rules_max);
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        std::vector<std::size_t> point;
        for (const auto& column : columns_) {
          const auto shared = std::ranges::find_if(column.sure, [&](const Bits& rules) { return has(rules, a) && has(rules, b); });
          if (shared == column.sure.end()) break;
          point.push_back(static_cast<std::size_t>(shared - column.sure.begin()));
        }
        if (point.size() < columns_.size() || (table_.policy == HitPolicy::any && same_outputs(a, b))) continue;
        const auto where = example(point);
        add(Finding::Severity::error, Finding::Code::overlap, {a + 1, b + 1}, where,
            {fmt::format("rules {} and {} both apply when {}", a + 1, b + 1, said(where)),
             fmt::format("当 {2} 时，规则 {0} 和 {1} 同时命中", a + 1, b + 1, said(where))});
      }
    }
  }

  bool same_outputs(std::size_t a, std::size_t b) const {
    for (std::size_t c = 0; c < table_.outputs.size(); ++c) {
      const Value *x = table_.rules[a].outputs[c]->constant(), *y = table_.rules[b].outputs[c]->constant();
      if (!x || !y || !(*x == *y)) return false;
    }
    return true;
  }

  /// A point where `wanted` (SIZE_MAX: nothing) applies and none of `others` does.
  std::optional<std::vector<std::size_t>> uncovered(Bits others, std::size_t wanted) {
    std::set<std::pair<std::size_t, Bits>> seen;
    std::vector<std::size_t> point;
    const auto search = [&](const auto& self, const Bits& active) -> bool {
      const std::size_t c = point.size();
      if (c == columns_.size()) return !any(active);
      if (seen.size() > states_max || !seen.emplace(c, active).second) return false;
      const auto& column = columns_[c];
      for (std::size_t v = 0; v < column.values.size(); ++v) {
        if (wanted != SIZE_MAX && !has(column.sure[v], wanted)) continue;
        point.push_back(v);
        if (self(self, both(active, column.rules[v]))) return true;
        point.pop_back();
      }
      return false;
    };
    if (!search(search, others)) {
      too_complex_ |= seen.size() > states_max;
      return std::nullopt;
    }
    return point;
  }

  void check_gaps() {
    const auto point = uncovered(bits(table_.rules.size(), true), SIZE_MAX);
    if (!point) return;
    const auto where = example(*point);
    add(Finding::Severity::warning, Finding::Code::gap, {}, where,
        {fmt::format("no rule applies when {}", said(where)), fmt::format("当 {} 时没有规则命中", said(where))});
  }

  /// FIRST: a rule that earlier ones leave nothing to.
  void check_hidden_rules() {
    for (std::size_t r = 1; r < std::min(table_.rules.size(), pair_rules_max); ++r) {
      // Rules that are not constant may hide nothing for certain.
      Bits earlier = bits(table_.rules.size(), false);
      for (std::size_t e = 0; e < r; ++e)
        if (constant(e)) set(earlier, e);
      too_complex_ = false;
      if (!constant(r) || uncovered(earlier, r) || too_complex_) continue;
      if (std::ranges::any_of(columns_, [&](const Column& c) { return std::ranges::none_of(c.rules, [&](const Bits& b) { return has(b, r); }); }))
        continue;  // told already
      add(Finding::Severity::warning, Finding::Code::unreachable_rule, {r + 1}, {},
          {fmt::format("rule {} never applies: earlier rules take all its cases", r + 1),
           fmt::format("规则 {} 永远不会命中：其情形已被前面的规则覆盖", r + 1)});
    }
  }

  bool constant(std::size_t rule) const {
    return std::ranges::all_of(columns_, [&](const Column& c) {
      for (std::size_t v = 0; v < c.values.size(); ++v)
        if (has(c.rules[v], rule) != has(c.sure[v], rule)) return false;
      return true;
    });
  }

  const Element& element_;
  const TableNode& table_;
  std::vector<Finding>& findings_;
  Options options_;
  std::vector<Diagnostic> diagnostics_;
  Run run_;
  Frame locals_;
  std::vector<Column> columns_;
  std::size_t count_ = 0;
  bool too_complex_ = false;
};

}  // namespace

std::string_view name(Finding::Code code) {
  switch (code) {
    case Finding::Code::expression: return "expression";
    case Finding::Code::gap: return "gap";
    case Finding::Code::overlap: return "overlap";
    case Finding::Code::unreachable_rule: return "unreachable_rule";
    case Finding::Code::unused_input: return "unused_input";
    case Finding::Code::output_not_allowed: return "output_not_allowed";
    case Finding::Code::model: return "model";
  }
  return "model";
}

std::vector<Finding> Model::check() const {
  std::vector<Finding> findings;
  for (const auto& problem : problems()) {
    Finding finding;
    finding.code = problem.code == DiagnosticCode::syntax ? Finding::Code::expression : Finding::Code::model;
    finding.message = {problem.text("en"), problem.text("zh")};
    finding.decision = problem.where.substr(0, problem.where.find(" / "));
    findings.push_back(std::move(finding));
  }
  for (const auto& element : data_->elements) {
    const auto warn = [&](Finding::Code code, Words message) {
      Finding finding;
      finding.severity = Finding::Severity::warning;
      finding.code = code;
      finding.decision = element.name;
      finding.message = std::move(message);
      findings.push_back(std::move(finding));
    };
    for (const std::size_t unused : element.unused) {
      const auto& other = data_->elements[unused].name;
      warn(Finding::Code::unused_input, {fmt::format("{} requires '{}' and does not use it", element.name, other),
                                         fmt::format("{}声明需要“{}”，但没有使用", element.name, other)});
    }
    for (const std::size_t need : element.needs) {
      if (data_->elements[need].declared) continue;
      const auto& other = data_->elements[need].name;
      warn(Finding::Code::model, {fmt::format("{} uses '{}', which it does not require; it is taken as an input", element.name, other),
                                  fmt::format("{}使用了未声明的“{}”，将作为输入处理", element.name, other)});
    }
    if (element.table) TableCheck(element, *element.table, element.lambda ? element.lambda->frame_size : element.frame_size, findings).run();
  }
  return findings;
}

}  // namespace jx::rules
