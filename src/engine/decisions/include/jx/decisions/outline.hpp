// outline.hpp - what people need of a decision beyond its evaluation: the fields of a form to try it with, and the law behind each rule.
#pragma once
#include <jx/decisions/law.hpp>
#include <jx/rules.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace jx::decisions {

inline constexpr std::size_t fields_max = 200;  // of one decision; further ones are not listed
/// Of a check that somebody waits for; see rules::Model::check.
inline constexpr std::uint64_t check_steps_max = rules::check_steps_max / 4;

/// A value that a decision is given, or a part of one.
struct Field {
  std::vector<std::string> path;      // the input, then the keys within it: {"application", "restaurant", "seats"}
  std::string label;                  // as a table heads its column, else the last key
  std::string type;                   // of FEEL: `number`; `Any` where the model does not say
  std::vector<rules::Value> allowed;  // the values to choose from; empty: any of the type
};

/// A rule of a decision's own table.
struct Rule {
  std::size_t number = 0;  // from 1
  std::string id;
  std::vector<std::string> laws;  // as written
  std::vector<Citation> cited;    // the same, read
};

struct Outline {
  std::vector<Field> fields;      // by input, then as the columns stand
  std::vector<std::string> laws;  // of the decision itself, as written
  std::vector<Citation> cited;
  std::vector<Rule> rules;
  std::set<std::string, std::less<>> below;  // names of the decision and of all that it requires within its file
};

/// A finding of a model's check. A counter-example that can be tried has an input for it.
struct Checked {
  rules::Finding finding;
  std::optional<rules::Value> input;  // a context for Model::decide: gaps and overlaps whose columns are plain paths
};

/// The outlines of model.decisions(), in their order. `xml` is the text that the model was loaded from.
[[nodiscard]] std::vector<Outline> outlines(const rules::Model& model, std::string_view xml);
/// model.check(), within check_steps_max and with inputs for its examples. Errors: invalid (`xml` is none).
[[nodiscard]] Result<std::vector<Checked>> check(const rules::Model& model, std::string_view xml);

}  // namespace jx::decisions
