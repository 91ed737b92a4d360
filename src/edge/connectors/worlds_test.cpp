#include "worlds.hpp"
#include "small_server.hpp"
#include "workbook_maker.hpp"

#include <jx/wire.hpp>
#include <jx/wire/csv.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <libpq-fe.h>
#include <mysql.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace jx::connectors::testing {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string in_quotes(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out.push_back(c);
    out.push_back(c);
  }
  return out + quote;
}

/// CREATE TABLE and INSERT of texts, with each database's own signs.
std::vector<std::string> statements(const std::string& table, const std::vector<std::string>& columns, const Rows& rows, char name_quote,
                                    const std::string& type, const std::function<std::string(const std::string&)>& literal) {
  std::string listed;
  for (const auto& column : columns)
    listed += (listed.empty() ? "" : ", ") + in_quotes(column, name_quote) + " " + type + (column == columns.front() ? " PRIMARY KEY" : "");
  std::vector<std::string> all{"CREATE TABLE " + table + " (" + listed + ")"};
  for (const auto& row : rows) {
    std::string values;
    for (const auto& cell : row) values += (values.empty() ? "" : ", ") + literal(cell);
    all.push_back("INSERT INTO " + table + " VALUES (" + values + ")");
  }
  return all;
}

class SqliteWorld final : public World {
 public:
  explicit SqliteWorld(std::filesystem::path folder) : path_(std::move(folder) / "s.sqlite") {}
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    for (const auto& one : statements(in_quotes(table, '"'), columns, rows, '"', "TEXT", [](const auto& cell) { return in_quotes(cell, '\''); }))
      run(one);
  }
  void run(const std::string& sql) override {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw) << "\n" << sql;
    sqlite3_close(raw);
  }
  catalogue::Source source() const override {
    auto source = named_source(catalogue::SourceKind::sqlite);
    source.path = "s.sqlite";
    return source;
  }

 private:
  std::filesystem::path path_;
};

class CsvWorld final : public World {
 public:
  explicit CsvWorld(std::filesystem::path folder) : folder_(std::move(folder)) { source_.tables.emplace(); }
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    const auto file = "t" + std::to_string(source_.tables->size()) + ".csv";
    std::ofstream out(folder_ / file, std::ios::binary);
    const auto line = [&](const std::vector<std::string>& cells) {
      for (std::size_t i = 0; i < cells.size(); ++i) out << (i > 0 ? "," : "") << wire::csv_field(cells[i]);
      out << "\n";
    };
    line(columns);
    for (const auto& row : rows) line(row);
    catalogue::SourceTable described{table};
    described.path = file;
    source_.tables->push_back(described);
  }
  catalogue::Source source() const override { return source_; }

 private:
  std::filesystem::path folder_;
  catalogue::Source source_ = named_source(catalogue::SourceKind::csv);
};

class XlsxWorld final : public World {
 public:
  explicit XlsxWorld(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    Rows all{columns};
    all.insert(all.end(), rows.begin(), rows.end());
    sheets_.emplace_back(table, rows_of(all));
    std::ofstream(folder_ / "w.xlsx", std::ios::binary) << archive(parts(sheets_));
  }
  catalogue::Source source() const override {
    auto source = named_source(catalogue::SourceKind::xlsx);
    source.path = "w.xlsx";
    return source;
  }

 private:
  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::string>> sheets_;
};

class HttpWorld final : public World {
 public:
  HttpWorld() { source_.tables.emplace(); }
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    boost::json::array list;
    for (const auto& row : rows) {
      boost::json::object one;
      for (std::size_t i = 0; i < columns.size(); ++i) one["c" + std::to_string(i)] = row[i];
      list.push_back(std::move(one));
    }
    bodies_.push_back(wire::to_text(boost::json::object{{"found", std::move(list)}}));
    catalogue::SourceTable described{table};
    described.path = std::to_string(bodies_.size() - 1);
    described.rows = "/found";
    described.columns.emplace();
    for (std::size_t i = 0; i < columns.size(); ++i) (*described.columns)[columns[i]] = "/c" + std::to_string(i);
    source_.tables->push_back(described);
  }
  catalogue::Source source() const override {
    auto source = source_;
    source.url = server_.url();
    return source;
  }

 private:
  catalogue::Source source_ = named_source(catalogue::SourceKind::http);
  std::vector<std::string> bodies_;
  SmallServer server_{[this](const std::string& head) { return "200 OK\r\n\r\n" + bodies_.at(static_cast<std::size_t>(head.at(5) - '0')); }};
};

class PostgresqlWorld final : public World {
 public:
  explicit PostgresqlWorld(const char* url) : connection_(PQconnectdb(url)) {
    schema_ = "w\"" + std::to_string(::getpid()) + "-" + std::to_string(++made);
    run("CREATE SCHEMA " + in_quotes(schema_, '"'));
    run("SET search_path = " + in_quotes(schema_, '"'));
  }
  ~PostgresqlWorld() override {
    run("SET client_min_messages = warning");
    run("DROP SCHEMA " + in_quotes(schema_, '"') + " CASCADE");
    PQfinish(connection_);
  }
  PostgresqlWorld(const PostgresqlWorld&) = delete;
  PostgresqlWorld& operator=(const PostgresqlWorld&) = delete;
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    for (const auto& one : statements(in_quotes(table, '"'), columns, rows, '"', "text", [](const auto& cell) { return in_quotes(cell, '\''); }))
      run(one);
  }
  void run(const std::string& sql) override {
    PGresult* done = PQexec(connection_, sql.c_str());
    const auto status = PQresultStatus(done);
    EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) << PQerrorMessage(connection_) << sql;
    PQclear(done);
  }
  catalogue::Source source() const override {
    auto source = named_source(catalogue::SourceKind::postgresql);
    source.host = PQhost(connection_);
    source.port = std::atoi(PQport(connection_));
    source.database = PQdb(connection_);
    source.user = PQuser(connection_);
    source.schema = schema_;
    return source;
  }

 private:
  static inline int made = 0;
  PGconn* connection_;
  std::string schema_;
};

class MariadbWorld final : public World {
 public:
  explicit MariadbWorld(const std::string& address) : connection_(mysql_init(nullptr)) {
    const auto colon = address.find(':');
    host_ = address.substr(0, colon);
    port_ = std::atoi(address.substr(colon + 1).c_str());
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    mysql_options(connection_, MYSQL_OPT_PROTOCOL, &tcp);
    mysql_options(connection_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    EXPECT_NE(mysql_real_connect(connection_, host_.c_str(), "junxian", "junxian", nullptr, static_cast<unsigned>(port_), nullptr, 0), nullptr)
        << mysql_error(connection_);
    database_ = "w`" + std::to_string(::getpid()) + "-" + std::to_string(++made);
    run("CREATE DATABASE " + in_quotes(database_, '`') + " CHARACTER SET utf8mb4");
    run("USE " + in_quotes(database_, '`'));
  }
  ~MariadbWorld() override {
    run("DROP DATABASE " + in_quotes(database_, '`'));
    mysql_close(connection_);
  }
  MariadbWorld(const MariadbWorld&) = delete;
  MariadbWorld& operator=(const MariadbWorld&) = delete;
  void make(const std::string& table, const std::vector<std::string>& columns, const Rows& rows) override {
    const auto literal = [](const std::string& cell) { return cell.empty() ? "''" : "X'" + to_hex(bytes_of(cell)) + "'"; };
    for (const auto& one : statements(in_quotes(table, '`'), columns, rows, '`', "varchar(100)", literal)) run(one);
  }
  void run(const std::string& sql) override { EXPECT_EQ(mysql_query(connection_, sql.c_str()), 0) << mysql_error(connection_) << "\n" << sql; }
  catalogue::Source source() const override {
    auto source = named_source(catalogue::SourceKind::mariadb);
    source.host = host_;
    source.port = port_;
    source.database = database_;
    source.user = "junxian";
    source.secret = "password";
    return source;
  }

 private:
  static inline int made = 0;
  MYSQL* connection_;
  std::string host_, database_;
  int port_ = 0;
};

}  // namespace

catalogue::Source named_source(catalogue::SourceKind kind) {
  return {SourceId::trusted("population"), LocalizedText({{"en", "Population"}, {"zh-CN", "人口库"}}), UnitId::trusted("police"), kind};
}

catalogue::Secrets password(std::string text) {
  return [text = std::move(text)](const catalogue::Source&) -> Result<crypto::SecureBytes> { return crypto::SecureBytes(bytes_of(text)); };
}

std::unique_ptr<World> world_of(catalogue::SourceKind kind, const std::filesystem::path& folder) {
  const auto server = [](const char* name) { return std::getenv(name); };  // NOLINT(concurrency-mt-unsafe): nobody changes it
  switch (kind) {
    case catalogue::SourceKind::sqlite: return std::make_unique<SqliteWorld>(folder);
    case catalogue::SourceKind::csv: return std::make_unique<CsvWorld>(folder);
    case catalogue::SourceKind::xlsx: return std::make_unique<XlsxWorld>(folder);
    case catalogue::SourceKind::http: return std::make_unique<HttpWorld>();
    case catalogue::SourceKind::postgresql: {
      const char* url = server("JUNXIAN_TEST_POSTGRES");
      return url == nullptr ? nullptr : std::make_unique<PostgresqlWorld>(url);
    }
    case catalogue::SourceKind::mariadb: {
      const char* address = server("JUNXIAN_TEST_MARIADB");
      return address == nullptr ? nullptr : std::make_unique<MariadbWorld>(address);
    }
  }
  return nullptr;
}

}  // namespace jx::connectors::testing
