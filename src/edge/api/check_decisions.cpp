// check_decisions.cpp - POST /api/v1/decisions/check (operation checkDecisions).
#include "handlers.hpp"
#include "views_decisions.hpp"

namespace jx::api {

namespace {

constexpr std::size_t xml_bytes_max = 1U << 20U;

struct DecisionCheck {
  std::string xml;
};
BOOST_DESCRIBE_STRUCT(DecisionCheck, (), (xml))

struct FindingList {
  std::vector<DecisionFindingView> findings;
};
BOOST_DESCRIBE_STRUCT(FindingList, (), (findings))

/// A model that cannot be loaded, as a finding.
decisions::Checked unreadable(Error error) {
  rules::Finding finding;
  finding.message = std::move(error.message);
  return {std::move(finding), {}};
}

}  // namespace

Call::Answer check_decisions(Call& call) {
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return call.require(tx, "decisions.read"); }));
  JX_TRY(wanted, call.body<DecisionCheck>({.bytes = 2U << 20U, .depth = 4, .values = 10, .string_bytes = xml_bytes_max}));
  if (wanted.xml.empty()) return fail(ErrorCode::invalid, {"There is no model to check.", "没有要检查的模型。"}, "/xml");
  FindingList list;
  auto model = rules::Model::load(wanted.xml);
  if (!model) {
    list.findings.push_back(finding_view(unreadable(std::move(model).error())));
    return ok(list);
  }
  auto found = decisions::check(*model, wanted.xml);
  if (!found) return std::unexpected(under("/xml", std::move(found).error()));
  for (const auto& checked : *found) list.findings.push_back(finding_view(checked));
  return ok(list);
}

}  // namespace jx::api
