// get_case_diagram.cpp - GET /api/v1/cases/{case}/diagram (operation getCaseDiagram).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer get_case_diagram(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_CHECK(sight(call, tx, id));
    JX_TRY(xml, call.deps.cases.diagram(tx, id));
    return http::content("application/xml", std::move(xml));
  });
}

}  // namespace jx::api
