#include <jx/db/admin.hpp>

#include "db_sql.hpp"

namespace jx::db {
namespace {

constexpr std::size_t findings_max = 1'000;  // of one check; beyond, the rest is not told

void add(std::vector<Finding>& findings, std::string where, std::string en, std::string zh) {
  if (findings.size() < findings_max) findings.push_back({std::move(where), {std::move(en), std::move(zh)}});
}

Result<> check_sqlite(Tx& tx, std::vector<Finding>& findings) {
  JX_TRY(whole, tx.all(sql::integrity_check));
  for (const auto& row : whole) {
    if (row.text(0) != "ok") add(findings, "file", "the file is damaged: " + row.text(0), "数据库文件已损坏：" + row.text(0));
  }
  JX_TRY(dangling, tx.all(sql::foreign_key_check));
  for (const auto& row : dangling) {
    const auto at = row.text(0) + (row.null(1) ? "" : " " + std::to_string(row.integer(1)));
    add(findings, "foreign keys", "row " + at + " names a row of " + row.text(2) + " that is not there",
        "记录 " + at + " 引用了 " + row.text(2) + " 中不存在的记录");
  }
  return {};
}

Result<> check_postgres(Tx& tx, std::vector<Finding>& findings) {
  JX_TRY(unsound, tx.all(sql::unsound));
  for (const auto& row : unsound) add(findings, "file", row.text(0), row.text(0));
  JX_TRY(tables, tx.all(sql::tables));
  for (const auto& table : tables) {
    // As text, so that the server reads every value of every row, wherever it is kept.
    const std::string sql = "SELECT count(CAST(t AS text)) FROM \"" + table.text(0) + "\" AS t";
    JX_CHECK(tx.one(Query{"db.read_table", "", sql}));
  }
  JX_TRY(keys, tx.all(sql::foreign_keys));
  for (const auto& key : keys) {
    const std::string sql = "SELECT count(*) FROM \"" + key.text(0) + "\" AS c WHERE " + key.text(4) + " AND NOT EXISTS (SELECT 1 FROM \"" +
                            key.text(1) + "\" AS f WHERE " + key.text(3) + ")";
    JX_TRY(row, tx.one(Query{"db.check_foreign_key", "", sql}));
    if (const auto count = row->integer(0); count > 0) {
      add(findings, "foreign keys",
          std::to_string(count) + " rows of " + key.text(0) + " name rows of " + key.text(1) + " that are not there (" + key.text(2) + ")",
          key.text(0) + " 中有 " + std::to_string(count) + " 条记录引用了 " + key.text(1) + " 中不存在的记录（" + key.text(2) + "）");
    }
  }
  return {};
}

}  // namespace

Result<CheckReport> check(Database& database, std::span<const SqlBundle* const> bundles, std::span<const Check> more) {
  CheckReport report;
  const auto read = database.read(no_deadline, [&](Tx& tx) {
    report.findings.clear();  // a read may be run again
    return database.dialect() == Dialect::sqlite ? check_sqlite(tx, report.findings) : check_postgres(tx, report.findings);
  });
  if (!read && read.error().code != ErrorCode::corrupt) return std::unexpected(read.error());
  if (!read) report.findings.push_back({"file", read.error().message});
  report.checked = {"file", "foreign keys", "schema"};
  if (auto schema = check_schema(database, bundles); !schema) report.findings.push_back({"schema", schema.error().message});
  for (const auto& one : more) {
    report.checked.push_back(one.name);
    if (auto looked = one.run(database, report.findings); !looked) report.findings.push_back({one.name, looked.error().message});
  }
  return report;
}

Result<std::int64_t> forget_keys(Database& database, Instant before) {
  return database.write_relaxed(no_deadline, [&](Tx& tx) { return tx.run(sql::forget_keys, before); });
}

}  // namespace jx::db
