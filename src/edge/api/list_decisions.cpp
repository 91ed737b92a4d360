// list_decisions.cpp - GET /api/v1/decisions (operation listDecisions).
#include "handlers.hpp"
#include "views_decisions.hpp"

namespace jx::api {

namespace {

struct DecisionList {
  std::vector<DecisionView> items;
};
BOOST_DESCRIBE_STRUCT(DecisionList, (), (items))

}  // namespace

Call::Answer list_decisions(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "decisions.read"));
    JX_TRY(all, call.deps.decisions.decisions(tx));
    DecisionList list;
    for (const auto& decision : all) list.items.push_back(decision_view(decision));
    return ok(list);
  });
}

}  // namespace jx::api
