// examine_source.cpp - POST /api/v1/sources/{source}/examine (operation examineSource): reads its tables and says what they hold.
#include "handlers.hpp"
#include "sharing_views.hpp"
#include <jx/exchange/sheets.hpp>

namespace jx::api {

Call::Answer examine_source(Call& call) {
  catalogue::Source source;
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(found, own_source(call, tx));
    source = std::move(found);
    return {};
  }));
  JX_TRY(sheets, exchange::read_sheets(call.deps.sources, source, call.ctx.deadline));
  const auto found = catalogue::examine(sheets);
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(catalogue::save_examination(tx, call.ctx, source.id, found));
    JX_TRY(view, source_view(call, tx, source, true));
    return ok(view);
  });
}

}  // namespace jx::api
