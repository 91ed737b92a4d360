// table.hpp - decision tables (DMN 1.5, chapter 8), compiled.
#pragma once
#include "model.hpp"

namespace jx::rules {

enum class HitPolicy : std::uint8_t { unique, any, priority, first, collect, rule_order, output_order };
enum class Aggregation : std::uint8_t { none, sum, count, min, max };

struct TableInput {
  std::string label;  // what the column is called
  std::string text;   // its expression
  NodePtr expression;
  const Site* site = nullptr;
  TestPtr allowed;  // input values, or nullptr
  std::string allowed_text;
  TypePtr type;
  std::size_t slot = 0;  // of `?`
};

struct TableOutput {
  std::string name;
  TypePtr type;
  std::vector<Value> priority;  // output values, the best first
  TestPtr allowed;
  std::string allowed_text;
  NodePtr otherwise;  // default output
  std::size_t slot = 0;
};

struct TableRule {
  std::string id;
  std::vector<TestPtr> tests;      // nullptr: any value
  std::vector<const Site*> sites;  // of the tests
  std::vector<std::string> test_texts;
  std::vector<AstPtr> test_asts;  // for the check
  std::vector<NodePtr> outputs;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<std::string> laws;
  Validity validity;
};

struct TableNode final : Node {
  HitPolicy policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<TableInput> inputs;
  std::vector<TableOutput> outputs;
  std::vector<TableRule> rules;
  bool dated = false;  // some rule has dates
  const Site* site = nullptr;

  [[nodiscard]] Value eval(Run& run) const override;

 private:
  [[nodiscard]] Value decide(Run& run) const;
  [[nodiscard]] bool applies(Run& run, const TableRule& rule, std::span<Value> values) const;
  [[nodiscard]] Value output(Run& run, const TableRule& rule) const;
  [[nodiscard]] Value defaults(Run& run) const;
  [[nodiscard]] Value many(Run& run, const std::vector<const TableRule*>& hits) const;
  [[nodiscard]] Value one(Run& run, const std::vector<const TableRule*>& hits) const;
  void sort_by_priority(Run& run, std::vector<Value>& results) const;
  [[nodiscard]] Value aggregate(Run& run, std::vector<Value> results) const;
};

/// The day that rules and decisions with dates are held against.
[[nodiscard]] std::optional<LocalDate> day_of(const Options& options);

}  // namespace jx::rules
