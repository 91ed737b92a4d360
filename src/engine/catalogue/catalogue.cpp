#include <jx/catalogue/resources.hpp>
#include <jx/catalogue/texts.hpp>
#include <jx/db/ahead.hpp>

#include "catalogue_sql.hpp"

#include <algorithm>

namespace jx::catalogue {
namespace {

template <class T>
Result<std::vector<T>> all(db::Tx& tx, const db::Query& query) {
  JX_TRY(rows, tx.all(query));
  std::vector<T> list;
  list.reserve(rows.size());
  for (const auto& row : rows) {
    JX_TRY(value, wire::decode<T>(row.text(0)));
    list.push_back(std::move(value));
  }
  return list;
}

Result<std::string> one(db::Tx& tx, const db::Query& query, const std::string& id, const Words& missing) {
  JX_TRY(row, tx.one(query, id));
  if (!row) return fail(ErrorCode::not_found, missing);
  return row->text(0);
}

}  // namespace

const Field* Resource::field(std::string_view wanted) const {
  const auto found = std::ranges::find(fields, wanted, &Field::id);
  return found == fields.end() ? nullptr : &*found;
}

Result<std::vector<Resource>> resources(db::Tx& tx) { return all<Resource>(tx, sql::resource_current); }
Result<std::vector<Source>> sources(db::Tx& tx) { return all<Source>(tx, sql::source_current); }

Result<std::string> resource_text(db::Tx& tx, const ResourceId& id) {
  return one(tx, sql::resource_one, id.text(), {"there is no data resource of this name in the catalogue", "目录中没有该数据资源"});
}

Result<std::string> source_text(db::Tx& tx, const SourceId& id) {
  return one(tx, sql::source_one, id.text(), {"there is no data source of this name", "没有该数据源"});
}

Result<> ask_texts_ahead(db::Tx& tx, const ResourceId& resource, const SourceId& source) {
  JX_CHECK(db::ask_ahead(tx, sql::resource_one, resource.text()));
  return db::ask_ahead(tx, sql::source_one, source.text());
}

Result<Resource> resource(db::Tx& tx, const ResourceId& id) {
  JX_TRY(text, resource_text(tx, id));
  return wire::decode<Resource>(text);
}

Result<Source> source(db::Tx& tx, const SourceId& id) {
  JX_TRY(text, source_text(tx, id));
  return wire::decode<Source>(text);
}

}  // namespace jx::catalogue
