// remove_source.cpp - DELETE /api/v1/sources/{source} (operation removeSource).
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer remove_source(Call& call) {
  SourceId removed;  // of the run of the act that is committed
  auto answer = call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(source, own_source(call, tx));
    JX_CHECK(catalogue::disconnect(tx, call.ctx, source.id));
    removed = source.id;
    return http::no_content();
  });
  if (answer) call.deps.sources.forget(removed);
  return answer;
}

}  // namespace jx::api
