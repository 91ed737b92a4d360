// check.cpp - what is wrong with a model before anything is decided.
//
// A table is checked where its cells are constant: its rules are boxes in a space of pieces (check_pieces.hpp), in which holes and meetings are
// searched for (check_space.hpp). The work is bounded in steps; what was left undone is a finding of its own.
#include "check_pieces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <numeric>

namespace jx::rules {
namespace {

constexpr std::size_t findings_of_table_max = 20;

class TableCheck {
 public:
  TableCheck(const Element& element, Run& run, Budget& budget, std::vector<Finding>& findings)
      : element_(element),
        table_(*element.table),
        findings_(findings),
        run_(run),
        locals_(run.stack, element.lambda ? element.lambda->frame_size : element.frame_size),
        budget_(budget) {
    run_.frame = locals_.data();
    run_.site = table_.site;
  }

  void check() {
    check_outputs();
    if (!table_.inputs.empty() && !table_.rules.empty() && !table_.dated) check_conditions();
    tell_undone();
  }

 private:
  void check_conditions() {
    for (std::size_t c = 0; c < table_.inputs.size(); ++c) {
      auto column = cut(table_, c, run_, budget_);
      if (!column) return undone_.push_back({"its conditions were not looked at", "没有检查其条件"});
      columns_.push_back(std::move(*column));
    }
    for (std::size_t r = 0; r < table_.rules.size(); ++r) {
      Region box;
      bool known = true;
      for (auto& column : columns_) {
        known = known && column.sides[r].known;
        box.push_back(std::move(column.sides[r].holds));
      }
      boxes_.push_back(std::move(box));
      known_.push_back(known);
    }
    check_dead_rules();
    const std::uint64_t half = budget_.left() / 2;
    Budget pairs(half);
    if (table_.policy == HitPolicy::unique || table_.policy == HitPolicy::any) check_overlaps(pairs);
    if (table_.policy == HitPolicy::first) check_hidden_rules(pairs);
    budget_.take(half - pairs.left());
    const bool single = table_.policy == HitPolicy::unique || table_.policy == HitPolicy::any || table_.policy == HitPolicy::first ||
                        table_.policy == HitPolicy::priority;
    if (single && std::ranges::none_of(table_.outputs, [](const TableOutput& o) { return o.otherwise != nullptr; })) check_gaps();
  }

  // --- findings --------------------------------------------------------------------------------------------------------------------
  void add(Finding::Severity severity, Finding::Code code, std::vector<std::size_t> rules, Value example, Words message) {
    if (++count_ > findings_of_table_max) return;  // told by tell_undone()
    Finding finding;
    finding.severity = severity;
    finding.code = code;
    finding.decision = element_.name;
    finding.rules = std::move(rules);
    finding.example = std::move(example);
    finding.message = {fmt::format("{}: {}", element_.name, message.en), fmt::format("{}：{}", element_.name, message.zh)};
    findings_.push_back(std::move(finding));
  }

  Value example(const Point& point) const {
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
    for (std::size_t r = 0; r < table_.rules.size() && count_ <= findings_of_table_max; ++r) {
      for (std::size_t c = 0; c < table_.outputs.size(); ++c) {
        if (!budget_.take(1 + table_.outputs[c].allowed_text.size() / 4) || run_.stopped())
          return undone_.push_back(
              {fmt::format("the outputs from rule {} on were not looked at", r + 1), fmt::format("自规则 {} 起没有检查输出", r + 1)});
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
        if (!boxes_[r][c].empty()) continue;
        const auto& label = table_.inputs[c].label;
        add(Finding::Severity::warning, Finding::Code::unreachable_rule, {r + 1}, {},
            {fmt::format("rule {} never applies: no value of '{}' meets its condition", r + 1, label),
             fmt::format("规则 {} 永远不会命中：“{}”没有符合其条件的取值", r + 1, label)});
        break;
      }
    }
  }

  void check_overlaps(Budget& budget) {
    const Touching touching(boxes_);
    for (std::size_t a = 0; a < boxes_.size() && count_ <= findings_of_table_max; ++a) {
      if (!known_[a]) continue;  // a rule whose cells are not constant overlaps none for certain
      for (const std::size_t b : touching.of(boxes_[a], a + 1, boxes_.size(), budget)) {
        if (!known_[b] || (table_.policy == HitPolicy::any && same_outputs(a, b))) continue;
        Point point;
        for (std::size_t c = 0; c < columns_.size(); ++c) point.push_back(first_shared(boxes_[a][c], boxes_[b][c]).value_or(0));
        const auto where = example(point);
        add(Finding::Severity::error, Finding::Code::overlap, {a + 1, b + 1}, where,
            {fmt::format("rules {} and {} both apply when {}", a + 1, b + 1, said(where)),
             fmt::format("当 {2} 时，规则 {0} 和 {1} 同时命中", a + 1, b + 1, said(where))});
      }
      if (budget.spent())
        return undone_.push_back({fmt::format("the rules from {} on were not compared with those after them", a + 1),
                                  fmt::format("自规则 {} 起没有与其后的规则比较是否重叠", a + 1)});
    }
  }

  bool same_outputs(std::size_t a, std::size_t b) const {
    for (std::size_t c = 0; c < table_.outputs.size(); ++c) {
      const Value *x = table_.rules[a].outputs[c]->constant(), *y = table_.rules[b].outputs[c]->constant();
      if (!x || !y || !(*x == *y)) return false;
    }
    return true;
  }

  void check_gaps() {
    Numbers all(boxes_.size());
    std::iota(all.begin(), all.end(), 0U);
    Region everywhere;
    for (const auto& column : columns_) everywhere.push_back({{0, static_cast<std::uint32_t>(column.values.size())}});
    const auto point = first_uncovered(boxes_, std::move(all), std::move(everywhere), budget_);
    if (!point && budget_.spent()) undone_.push_back({"not every case was tried for a rule that applies to it", "没有查完是否每种情形都有规则命中"});
    if (!point) return;
    const auto where = example(*point);
    add(Finding::Severity::warning, Finding::Code::gap, {}, where,
        {fmt::format("no rule applies when {}", said(where)), fmt::format("当 {} 时没有规则命中", said(where))});
  }

  /// FIRST: a rule that earlier ones leave nothing to.
  void check_hidden_rules(Budget& budget) {
    const Touching touching(boxes_);
    for (std::size_t r = 1; r < boxes_.size() && count_ <= findings_of_table_max; ++r) {
      if (!known_[r] || std::ranges::any_of(boxes_[r], &Stretches::empty)) continue;  // one that never applies is told already
      auto earlier = touching.of(boxes_[r], 0, r, budget);
      std::erase_if(earlier, [&](std::uint32_t e) { return !known_[e]; });  // may hide nothing for certain
      const bool left = earlier.empty() || first_uncovered(boxes_, std::move(earlier), boxes_[r], budget);
      if (budget.spent())
        return undone_.push_back({fmt::format("the rules from {} on were not held against earlier ones that may leave them nothing", r + 1),
                                  fmt::format("自规则 {} 起没有检查其情形是否已被前面的规则覆盖", r + 1)});
      if (left) continue;
      add(Finding::Severity::warning, Finding::Code::unreachable_rule, {r + 1}, {},
          {fmt::format("rule {} never applies: earlier rules take all its cases", r + 1),
           fmt::format("规则 {} 永远不会命中：其情形已被前面的规则覆盖", r + 1)});
    }
  }

  void tell_undone() {
    Words parts;
    for (const auto& undone : undone_) {
      parts.en += (parts.en.empty() ? "" : "; ") + undone.en;
      parts.zh += (parts.zh.empty() ? "" : "；") + undone.zh;
    }
    const bool more = count_ > findings_of_table_max;
    count_ = 0;
    if (more)
      add(Finding::Severity::warning, Finding::Code::incomplete, {}, {},
          {fmt::format("there is more to find than these {}; mend them and check again", findings_of_table_max),
           fmt::format("问题不止这 {} 项，请改正后再检查", findings_of_table_max)});
    if (!undone_.empty())
      add(Finding::Severity::warning, Finding::Code::incomplete, {}, {},
          {fmt::format("this table was checked only in part: {}. Split it into smaller tables, or give it fewer columns, and check again", parts.en),
           fmt::format("此表只检查了一部分：{}。请拆分为较小的表或减少条件列后再检查", parts.zh)});
  }

  const Element& element_;
  const TableNode& table_;
  std::vector<Finding>& findings_;
  Run& run_;
  Frame locals_;
  Budget& budget_;
  std::vector<Pieces> columns_;
  std::vector<Region> boxes_;  // by rule
  std::vector<bool> known_;    // by rule: all its cells are constant
  std::vector<Words> undone_;
  std::size_t count_ = 0;
};

/// Tables by size: each may use what the smaller ones left of its share.
void check_tables(const std::deque<Element>& elements, std::uint64_t steps_max, std::vector<std::vector<Finding>>& findings) {
  std::vector<std::size_t> tables;
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (elements[i].table) tables.push_back(i);
  std::ranges::stable_sort(tables, {}, [&](std::size_t i) { return elements[i].table->rules.size() * elements[i].table->inputs.size(); });
  Options options;  // its limit of time is for patterns of allowed values that run away; what it cuts short is told as incomplete, too
  std::vector<Diagnostic> diagnostics;
  Run run(options, diagnostics);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::uint64_t share = steps_max / (tables.size() - i);
    Budget budget(share);
    TableCheck(elements[tables[i]], run, budget, findings[tables[i]]).check();
    steps_max -= share - budget.left();
  }
}

}  // namespace

std::string_view name(Finding::Code code) {
  switch (code) {
    case Finding::Code::expression: return "expression";
    case Finding::Code::gap: return "gap";
    case Finding::Code::overlap: return "overlap";
    case Finding::Code::unreachable_rule: return "unreachable_rule";
    case Finding::Code::unused_input: return "unused_input";
    case Finding::Code::output_not_allowed: return "output_not_allowed";
    case Finding::Code::incomplete: return "incomplete";
    case Finding::Code::model: return "model";
  }
  return "model";
}

std::vector<Finding> Model::check(std::uint64_t steps_max) const {
  std::vector<Finding> findings;
  for (const auto& problem : problems()) {
    Finding finding;
    finding.code = problem.code == DiagnosticCode::syntax ? Finding::Code::expression : Finding::Code::model;
    finding.message = {problem.text("en"), problem.text("zh")};
    finding.decision = problem.where.substr(0, problem.where.find(" / "));
    findings.push_back(std::move(finding));
  }
  std::vector<std::vector<Finding>> of_tables(data_->elements.size());
  check_tables(data_->elements, steps_max, of_tables);
  for (std::size_t i = 0; i < data_->elements.size(); ++i) {
    const auto& element = data_->elements[i];
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
    std::ranges::move(of_tables[i], std::back_inserter(findings));
  }
  return findings;
}

}  // namespace jx::rules
