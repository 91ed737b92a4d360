// get_source.cpp - GET /api/v1/sources/{source} (operation getSource): with what its examination found.
#include "handlers.hpp"
#include "sharing_views.hpp"

namespace jx::api {

Call::Answer get_source(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(source, own_source(call, tx));
    JX_TRY(view, source_view(call, tx, source, true));
    return ok(view);
  });
}

}  // namespace jx::api
