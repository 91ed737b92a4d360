// create_source.cpp - POST /api/v1/sources (operation createSource): CSV files of one's unit, handed over by browser.
#include "handlers.hpp"
#include "sharing_views.hpp"
#include <jx/connectors/uploads.hpp>

namespace jx::api {
namespace {

struct NewTable {
  std::string name;
  Bytes octets;
};
BOOST_DESCRIBE_STRUCT(NewTable, (), (name, octets))

struct NewSource {
  SourceId key;
  LocalizedText name;
  std::optional<std::string> encoding;  // none: recognised
  std::vector<NewTable> tables;
};
BOOST_DESCRIBE_STRUCT(NewSource, (), (key, name, encoding, tables))

Result<catalogue::Source> keep(const Call& call, const NewSource& wanted) {
  catalogue::Source source{wanted.key, wanted.name, call.ctx.actor.unit, catalogue::SourceKind::csv};
  source.tables.emplace();
  for (std::size_t i = 0; i < wanted.tables.size(); ++i) {
    const auto& table = wanted.tables[i];
    auto kept = connectors::keep_csv(call.deps.data, wanted.key, table.name, source.encoding ? source.encoding : wanted.encoding, table.octets);
    if (!kept) return fail_because(kept.error(), kept.error().code, kept.error().message, "/tables/" + std::to_string(i) + "/octets");
    source.encoding = kept->encoding;
    source.tables->push_back({table.name, kept->path});
  }
  return source;
}

}  // namespace

Call::Answer create_source(Call& call) {
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return call.require(tx, "catalogue.edit"); }));
  JX_CHECK(require_unit(call));
  JX_TRY(wanted, call.body<NewSource>({.bytes = source_json_bytes_max, .string_bytes = source_json_bytes_max}));
  if (wanted.tables.empty() || wanted.tables.size() > 20) return fail(ErrorCode::invalid, {"1 to 20 files", "应有1至20个文件"}, "/tables");
  JX_TRY(source, keep(call, wanted));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    JX_CHECK(catalogue::connect(tx, call.ctx, source));
    JX_TRY(view, source_view(call, tx, source, false));
    return created("/api/v1/sources/" + source.id.text(), view);
  });
}

}  // namespace jx::api
