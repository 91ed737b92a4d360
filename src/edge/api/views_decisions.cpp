#include "views_decisions.hpp"

#include <jx/rules/json.hpp>

namespace jx::api {

DecisionView decision_view(const decisions::Decision& decision) {
  const auto& about = decision.about;
  DecisionView view{decision.id, about.name, about.question, about.description, decision.file, about.type.text(), about.is_service, {}, about.laws};
  for (const auto& need : about.needs) {
    DecisionInputView input{need.name, need.type.text(), {}};
    for (const auto& field : decision.outline->fields) {
      if (field.path.front() != need.name) continue;
      DecisionFieldView part{field.path, field.label, field.type, {}};
      for (const auto& value : field.allowed) part.allowed.push_back(rules::to_json(value));
      input.fields.push_back(std::move(part));
    }
    view.inputs.push_back(std::move(input));
  }
  return view;
}

DecisionFindingView finding_view(const decisions::Checked& checked) {
  const auto& finding = checked.finding;
  DecisionFindingView view;
  view.severity = finding.severity == rules::Finding::Severity::error ? "error" : "warning";
  view.code = rules::name(finding.code);
  view.decision = present(finding.decision);
  view.rules = finding.rules;
  if (!finding.example.is_null()) view.example = rules::to_json(finding.example);
  if (checked.input) view.input = rules::to_json(*checked.input);
  view.message = localized(finding.message);
  return view;
}

Result<decisions::Decision> find_decision(const Call& call) {
  return call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<decisions::Decision> {
    JX_CHECK(call.require(tx, "decisions.read"));
    JX_TRY(id, call.path<DecisionId>("decision"));
    return call.deps.decisions.decision(tx, id);
  });
}

}  // namespace jx::api
