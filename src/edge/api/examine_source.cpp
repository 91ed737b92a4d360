// examine_source.cpp - POST /api/v1/sources/{source}/examine (operation examineSource): reads its tables and says what they hold.
#include "handlers.hpp"
#include "sharing_views.hpp"
#include <jx/exchange/quality.hpp>
#include <jx/exchange/sheets.hpp>

namespace jx::api {

Call::Answer examine_source(Call& call) {
  catalogue::Source source;
  std::vector<catalogue::Resource> published;
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_TRY(found, own_source(call, tx));
    source = std::move(found);
    JX_TRY(all, catalogue::resources(tx));
    for (auto& one : all) {
      if (one.source == source.id) published.push_back(std::move(one));
    }
    return {};
  }));
  JX_TRY(sheets, exchange::read_sheets(call.deps.sources, source, call.ctx.deadline));
  auto found = catalogue::examine(sheets);
  if (auto quality = exchange::hold_quality(sheets, published); !quality.empty()) found.quality = std::move(quality);
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(catalogue::save_examination(tx, call.ctx, source.id, found));
    JX_TRY(view, source_view(call, tx, source, true));
    return ok(view);
  });
}

}  // namespace jx::api
