// get_decision.cpp - GET /api/v1/decisions/{decision} (operation getDecision).
#include "handlers.hpp"
#include "views_decisions.hpp"

namespace jx::api {

namespace {

struct DecisionDetail {
  DecisionView decision;
  std::string xml;
  std::vector<DecisionFindingView> findings;
};
BOOST_DESCRIBE_STRUCT(DecisionDetail, (), (decision, xml, findings))

}  // namespace

Call::Answer get_decision(Call& call) {
  JX_TRY(decision, find_decision(call));  // the check takes its time, and no snapshot
  DecisionDetail view{decision_view(decision), *decision.xml, {}};
  JX_TRY(found, decisions::check(*decision.model, *decision.xml));
  for (const auto& checked : found) {
    const auto& of = checked.finding.decision;
    if (of.empty() || decision.outline->below.contains(of)) view.findings.push_back(finding_view(checked));
  }
  return ok(view);
}

}  // namespace jx::api
