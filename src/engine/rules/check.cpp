// check.cpp - what is wrong with a model before anything is decided.
#include "table.hpp"

#include <jx/rules.hpp>

namespace jx::rules {

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
  return findings;
}

}  // namespace jx::rules
