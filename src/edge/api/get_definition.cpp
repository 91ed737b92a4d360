// get_definition.cpp - GET /api/v1/definitions/{process} (operation getDefinition).
#include "handlers.hpp"
#include "views_change.hpp"

namespace jx::api {

Call::Answer get_definition(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_definitions(call, tx));
    JX_TRY(id, call.path<ProcessId>("process"));
    JX_TRY(wanted, call.query("version"));
    JX_TRY(process, cases::process(tx, call.deps.cases, id));
    JX_TRY(version, wanted || process.current() != nullptr ? cases::version_of(process, wanted.value_or("current"), "/version")
                                                           : Result<cases::Version>(process.versions.front()));
    JX_TRY(bpmn, cases::model_text(tx, version.definition));
    return ok(DefinitionDetail{definition_view(process), version_view(version), std::move(bpmn)});
  });
}

}  // namespace jx::api
