// views_decisions.hpp - decisions as the API shows them.
#pragma once
#include "views.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

struct DecisionFieldView {
  std::vector<std::string> path;
  std::string label, type;
  std::vector<Json> allowed;
};
BOOST_DESCRIBE_STRUCT(DecisionFieldView, (), (path, label, type, allowed))

struct DecisionInputView {
  std::string name, type;
  std::vector<DecisionFieldView> fields;
};
BOOST_DESCRIBE_STRUCT(DecisionInputView, (), (name, type, fields))

struct DecisionView {
  DecisionId id;
  std::string name, question, description, file, type;
  bool service = false;
  std::vector<DecisionInputView> inputs;
  std::vector<std::string> laws;
};
BOOST_DESCRIBE_STRUCT(DecisionView, (), (id, name, question, description, file, type, service, inputs, laws))

struct DecisionFindingView {
  std::string severity, code;
  std::optional<std::string> decision;
  std::vector<std::size_t> rules;
  std::optional<Json> example, input;
  LocalizedText message;
};
BOOST_DESCRIBE_STRUCT(DecisionFindingView, (), (severity, code, decision, rules, example, input, message))

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] DecisionView decision_view(const decisions::Decision& decision);
[[nodiscard]] DecisionFindingView finding_view(const decisions::Checked& checked);
/// The decision that the path names, for a caller who may read decisions. Errors: forbidden; not_found.
[[nodiscard]] Result<decisions::Decision> find_decision(const Call& call);

}  // namespace jx::api
