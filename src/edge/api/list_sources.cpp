// list_sources.cpp - GET /api/v1/sources (operation listSources).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer list_sources(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_CHECK(require_unit(call));
    JX_TRY(sources, catalogue::sources(tx));
    SourceList list;
    for (const auto& source : sources) {
      if (source.unit != call.ctx.actor.unit) continue;
      JX_TRY(view, source_view(call, tx, source, false));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

}  // namespace jx::api
