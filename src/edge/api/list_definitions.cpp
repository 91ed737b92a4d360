// list_definitions.cpp - GET /api/v1/definitions (operation listDefinitions).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer list_definitions(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_definitions(call, tx));
    JX_TRY(found, cases::processes(tx, call.deps.cases));
    DefinitionList list;
    for (const auto& process : found) list.items.push_back(definition_view(process));
    return ok(list);
  });
}

}  // namespace jx::api
