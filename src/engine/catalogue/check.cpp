// check.cpp - what the last check of a source found.
#include <jx/catalogue/check.hpp>

#include "catalogue_sql.hpp"

#include <algorithm>

namespace jx::catalogue {

std::vector<Lack> lacks_of(const SourceId& source, std::span<const Resource> resources, std::span<const TableColumns> tables) {
  std::vector<Lack> list;
  for (const auto& resource : resources) {
    if (resource.source != source) continue;
    const auto table = std::ranges::find(tables, resource.table, &TableColumns::name);
    if (table == tables.end()) {
      list.push_back({resource.id, resource.table, std::nullopt});
      continue;
    }
    for (const auto& field : resource.fields) {
      if (std::ranges::find(table->columns, field.column) == table->columns.end()) list.push_back({resource.id, resource.table, field.column});
    }
  }
  return list;
}

Result<> save_check(db::Tx& tx, const SourceId& source, Instant at, SourceCheck found) {
  JX_TRY(before, last_check(tx, source));
  if (!found.reached && before) found.missing = before->found.missing;
  found.since.reset();
  if (!found.missing.empty()) found.since = before && before->found.since ? *before->found.since : at;
  JX_CHECK(tx.run(sql::check_put, source, at, wire::encode(found)));
  return {};
}

Result<std::optional<SourceChecked>> last_check(db::Tx& tx, const SourceId& source) {
  JX_TRY(row, tx.one(sql::check_one, source));
  if (!row) return std::optional<SourceChecked>();
  JX_TRY(found, wire::decode<SourceCheck>(row->text(1)));
  return std::optional(SourceChecked{row->instant(0), std::move(found)});
}

}  // namespace jx::catalogue
