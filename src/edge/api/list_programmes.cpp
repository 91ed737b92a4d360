// list_programmes.cpp - GET /api/v1/programmes (operation listProgrammes): those that one's unit carries out.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_programmes(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.read"));
    JX_CHECK(require_unit(call));
    JX_TRY(programmes, exchange::programmes_of(tx, call.ctx.actor.unit));
    ProgrammeList list;
    for (const auto& one : programmes) list.items.push_back({one.id, one.name, one.valid_from, one.valid_to});
    return ok(list);
  });
}

}  // namespace jx::api
