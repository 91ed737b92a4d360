// create_source.cpp - POST /api/v1/sources (operation createSource): files of one's unit, handed over by browser, or where its database or interface
// is.
#include "handlers.hpp"
#include "sharing_views.hpp"
#include <jx/catalogue/secrets.hpp>
#include <jx/connectors/uploads.hpp>

namespace jx::api {

namespace {

using catalogue::SourceKind;

struct NewTable {
  std::string name;
  std::optional<Bytes> octets;  // csv, xlsx: the file
  std::optional<std::string> sheet;
  std::optional<std::map<std::string, std::string>> headers;
  std::optional<int> header_row;
  std::optional<std::string> delimiter;
  std::optional<std::string> path, rows;
  std::optional<std::map<std::string, std::string>> columns, lookup;
};
BOOST_DESCRIBE_STRUCT(NewTable, (), (name, octets, sheet, headers, header_row, delimiter, path, rows, columns, lookup))

struct NewSource {
  SourceId key;
  LocalizedText name;
  std::optional<SourceKind> kind;       // none: csv, or xlsx where the file is one
  std::optional<std::string> encoding;  // none: recognised
  std::optional<std::vector<NewTable>> tables;
  std::optional<std::string> host;
  std::optional<int> port;
  std::optional<std::string> database, schema, user;
  std::optional<catalogue::SourceTls> tls;
  std::optional<std::string> url;
  std::optional<std::string> secret_value;  // never answered back
};
BOOST_DESCRIBE_STRUCT(NewSource, (), (key, name, kind, encoding, tables, host, port, database, schema, user, tls, url, secret_value))

constexpr std::size_t files_max = 20;

catalogue::SourceTable described(const NewTable& table) {
  return {table.name, table.path, table.sheet, table.headers, table.header_row, table.delimiter, table.rows, table.columns, table.lookup};
}

/// Keeps the files; a workbook is one file, whatever tables are described of it.
Result<> keep(const Call& call, const NewSource& wanted, catalogue::Source& source) {
  if (!wanted.tables || wanted.tables->empty() || wanted.tables->size() > files_max)
    return fail(ErrorCode::invalid, {"1 to 20 files", "应有1至20个文件"}, "/tables");
  const auto& tables = *wanted.tables;
  const bool workbook = tables.front().octets && connectors::is_workbook(*tables.front().octets);
  source.kind = wanted.kind.value_or(workbook ? SourceKind::xlsx : SourceKind::csv);
  if (source.kind == SourceKind::csv) source.tables.emplace();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto at = "/tables/" + std::to_string(i);
    auto table = described(tables[i]);
    const bool first = i == 0;
    if (tables[i].octets.has_value() == (source.kind == SourceKind::xlsx && !first))
      return fail(ErrorCode::invalid, {"a csv table is a file of its own, a workbook is one file", "csv 每表一个文件，工作簿为一个文件"},
                  at + "/octets");
    if (tables[i].octets) {
      auto kept = connectors::keep_file(call.deps.data, wanted.key, source.kind, table, source.encoding ? source.encoding : wanted.encoding,
                                        *tables[i].octets);
      if (!kept) return fail_because(kept.error(), kept.error().code, kept.error().message, at + "/octets");
      if (source.kind == SourceKind::xlsx) {
        source.path = kept->path;
      } else {
        source.encoding = kept->encoding;
        table.path = kept->path;
      }
    }
    const bool says_more = table.sheet || table.headers || table.header_row || tables.size() > 1;
    if (source.kind == SourceKind::xlsx && !source.tables && says_more) source.tables.emplace();
    if (source.tables) source.tables->push_back(std::move(table));
  }
  return {};
}

Result<catalogue::Source> described(const Call& call, const NewSource& wanted) {
  catalogue::Source source{wanted.key, wanted.name, call.ctx.actor.unit, wanted.kind.value_or(SourceKind::csv)};
  source.host = wanted.host;
  source.port = wanted.port;
  source.database = wanted.database;
  source.schema = wanted.schema;
  source.user = wanted.user;
  source.tls = wanted.tls;
  source.url = wanted.url;
  const bool remote = source.kind == SourceKind::postgresql || source.kind == SourceKind::mariadb || source.kind == SourceKind::http;
  if (source.kind == SourceKind::sqlite)
    return fail(ErrorCode::invalid, {"a SQLite file is named in the pack", "SQLite 文件只能在政务包中接入"}, "/kind");
  if (!remote) {
    JX_CHECK(keep(call, wanted, source));
    return source;
  }
  if (wanted.secret_value) source.secret = wanted.key.text();
  for (const auto& table : wanted.tables.value_or(std::vector<NewTable>())) {
    if (!source.tables) source.tables.emplace();
    source.tables->push_back(described(table));
  }
  return source;
}

}  // namespace

Call::Answer create_source(Call& call) {
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return call.require(tx, "catalogue.edit"); }));
  JX_CHECK(require_unit(call));
  JX_TRY(wanted, call.body<NewSource>({.bytes = source_json_bytes_max, .string_bytes = source_json_bytes_max}));
  JX_TRY(source, described(call, wanted));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "catalogue.edit"));
    if (!wanted.secret_value && !address_of(source).empty()) {  // what was sealed for it before still serves, as long as the address is the same
      JX_TRY(before, catalogue::has_secret(tx, source.id));
      if (before) source.secret = source.id.text();
    }
    JX_CHECK(catalogue::connect(tx, call.ctx, source));
    if (wanted.secret_value) JX_CHECK(catalogue::set_secret(tx, call.ctx, call.deps.seals, source.id, *wanted.secret_value));
    JX_TRY(view, source_view(call, tx, source, false));
    return created("/api/v1/sources/" + source.id.text(), view);
  });
}

}  // namespace jx::api
