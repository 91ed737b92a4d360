#include "backup.hpp"

#include "connection_tx.hpp"
#include "db_sql.hpp"
#include "history.hpp"
#include "postgres_connection.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace jx::db {
namespace {

using Answer = std::unique_ptr<PGresult, decltype([](PGresult* result) { PQclear(result); })>;

std::unexpected<Error> server_failed(PGconn* connection, const std::string& what) {
  std::string text = PQerrorMessage(connection);
  text = text.substr(0, text.find('\n'));  // the first line; what follows may quote rows
  return fail(ErrorCode::unavailable, {what + ": " + text, what + "：" + text});
}

Result<> run(PGconn* connection, const std::string& sql) {
  const Answer answer(PQexec(connection, sql.c_str()));
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return server_failed(connection, sql.substr(0, sql.find(' ')));
  return {};
}

/// Our own names: lower-case words, which need quotes only where they are words of SQL.
std::string quote(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string copy_command(const Manifest::Table& table, std::string_view way) {
  std::string columns;
  for (const auto& column : table.columns) columns += (columns.empty() ? "" : ", ") + quote(column);
  return "COPY " + quote(table.name) + " (" + columns + ") " + std::string(way);
}

/// Each table after those that its foreign keys name.
Result<std::vector<std::string>> in_order(const std::vector<Row>& tables, const std::vector<Row>& keys) {
  std::map<std::string, std::set<std::string>> needs;
  for (const auto& table : tables) needs[table.text(0)];
  for (const auto& key : keys) {
    if (key.text(0) != key.text(1)) needs[key.text(0)].insert(key.text(1));
  }
  std::vector<std::string> order;
  while (!needs.empty()) {
    const auto free = std::ranges::find_if(needs, [](const auto& one) { return one.second.empty(); });
    if (free == needs.end())
      return fail(ErrorCode::internal, "tables name one another in a circle, so that none can be restored first: " + needs.begin()->first);
    order.push_back(free->first);
    needs.erase(free);
    for (auto& [name, others] : needs) others.erase(order.back());
  }
  return order;
}

Result<> describe(Tx& tx, Manifest& manifest, Meter& meter) {
  JX_TRY(migrations, history_in(tx));
  manifest.migrations = std::move(migrations);
  JX_TRY(tables, tx.all(sql::tables));
  for (const auto& table : tables) meter.expect(static_cast<std::uint64_t>(table.integer(1)));
  JX_TRY(keys, tx.all(sql::foreign_keys));
  JX_TRY(order, in_order(tables, keys));
  for (const auto& name : order) {
    Manifest::Table table{name, 0, {}};
    JX_TRY(columns, tx.all(sql::columns, name));
    for (const auto& column : columns) table.columns.push_back(column.text(0));
    manifest.tables.push_back(std::move(table));
  }
  JX_TRY(sequences, tx.all(sql::sequences));
  for (const auto& row : sequences) manifest.sequences.push_back({row.text(0), row.text(1), row.integer(2)});
  return {};
}

Result<> dump_table(PGconn* connection, Manifest::Table& table, BackupFolder& folder, Meter& meter) {
  JX_TRY(file, NewFile::make(folder.path(table.part())));
  const Answer begun(PQexec(connection, copy_command(table, "TO STDOUT").c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return server_failed(connection, "COPY " + table.name);
  for (;;) {
    char* data = nullptr;
    const int length = PQgetCopyData(connection, &data, 0);
    const std::unique_ptr<char, decltype([](char* memory) { PQfreemem(memory); })> owned(data);
    if (length < -1) return server_failed(connection, "COPY " + table.name);
    if (length < 0) break;
    JX_CHECK(file.write(bytes_of({data, static_cast<std::size_t>(length)})));
    JX_CHECK(meter.add(static_cast<std::uint64_t>(length)));
  }
  for (Answer answer(PQgetResult(connection)); answer; answer.reset(PQgetResult(connection))) {
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return server_failed(connection, "COPY " + table.name);
    const std::string_view count = PQcmdTuples(answer.get());
    std::from_chars(count.data(), count.data() + count.size(), table.rows);
  }
  JX_TRY(part, file.finish());
  folder.add(table.part(), std::move(part));
  return {};
}

Result<> load_table(PGconn* connection, const Manifest::Table& table, const std::filesystem::path& backup, Meter& meter) {
  const Answer begun(PQexec(connection, copy_command(table, "FROM STDIN").c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return server_failed(connection, "COPY " + table.name);
  auto sent = read_pieces(backup / table.part(), [&](ByteView piece) -> Result<> {
    if (PQputCopyData(connection, text_of(piece).data(), static_cast<int>(piece.size())) != 1) return server_failed(connection, "COPY " + table.name);
    return meter.add(piece.size());
  });
  JX_CHECK(sent);
  if (PQputCopyEnd(connection, nullptr) != 1) return server_failed(connection, "COPY " + table.name);
  std::int64_t rows = -1;
  for (Answer answer(PQgetResult(connection)); answer; answer.reset(PQgetResult(connection))) {
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return server_failed(connection, "COPY " + table.name);
    const std::string_view count = PQcmdTuples(answer.get());
    std::from_chars(count.data(), count.data() + count.size(), rows);
  }
  if (rows != table.rows) {
    return fail(ErrorCode::corrupt,
                {"the table " + table.name + " has " + std::to_string(rows) + " rows in the backup and should have " + std::to_string(table.rows),
                 "备份中表 " + table.name + " 有 " + std::to_string(rows) + " 行，应为 " + std::to_string(table.rows) + " 行"});
  }
  return {};
}

}  // namespace

Result<> dump_postgres(const std::string& url, BackupFolder& folder, Manifest& manifest, Meter& meter) {
  JX_TRY(connection, PostgresConnection::open(url, no_deadline));
  JX_CHECK(connection->begin(PostgresConnection::Kind::read, no_deadline));
  ConnectionTx<PostgresConnection, Dialect::postgres> tx(*connection);
  JX_CHECK(describe(tx, manifest, meter));
  JX_CHECK(make_folder(folder.path("tables")));
  PGconn* raw = connection->plain();  // still in the snapshot that describe() saw
  for (auto& table : manifest.tables) JX_CHECK(dump_table(raw, table, folder, meter));
  return {};
}

Result<> load_postgres(const std::filesystem::path& backup, const std::string& url, const Manifest& manifest,
                       std::span<const SqlBundle* const> bundles, Meter& meter) {
  {
    JX_TRY(database, Database::open({.url = url, .connections = 1}));
    JX_TRY(tables, database->read(no_deadline, [](Tx& tx) { return tx.all(sql::tables); }));
    if (!tables.empty()) {
      return fail(ErrorCode::conflict, {"the database has tables; restoring overwrites nothing, so make an empty one",
                                        "目标数据库已有数据表；恢复操作不会覆盖任何数据，请新建空数据库"});
    }
    std::vector<int> numbers;
    for (const auto& one : manifest.migrations) numbers.push_back(one.number);
    if (!numbers.empty()) JX_CHECK(migrate_only(*database, bundles, numbers));
  }
  JX_TRY(connection, PostgresConnection::open(url, no_deadline));
  PGconn* raw = connection->plain();
  JX_CHECK(run(raw, "BEGIN"));
  std::string names;
  for (const auto& table : manifest.tables) names += (names.empty() ? "" : ", ") + quote(table.name);
  if (!names.empty()) JX_CHECK(run(raw, "TRUNCATE " + names));  // of the rows that migrations put there: the backup has them
  for (const auto& table : manifest.tables) JX_CHECK(load_table(raw, table, backup, meter));
  for (const auto& one : manifest.sequences) {
    JX_CHECK(run(raw, "SELECT setval(pg_get_serial_sequence('" + one.table + "', '" + one.column + "'), " + std::to_string(one.last) + ")"));
  }
  return run(raw, "COMMIT");
}

}  // namespace jx::db
