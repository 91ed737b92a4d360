#include <jx/db/testing.hpp>

#include <libpq-fe.h>
#include <stdlib.h>  // mkdtemp
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace jx::db {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "junxian-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const char* test_postgres() {
  const char* url = std::getenv("JUNXIAN_TEST_POSTGRES");
  return url != nullptr && *url != '\0' ? url : nullptr;
}

namespace {

/// The same server, another database.
std::string with_database(std::string_view url, std::string_view name) {
  const auto host = url.find("://") + 3;
  const auto path = std::min(url.find_first_of("/?", host), url.size());
  const auto query = std::min(url.find('?', host), url.size());
  return std::string(url.substr(0, path)) + "/" + std::string(name) + std::string(url.substr(query));
}

/// One statement outside a transaction.
Result<> on_server(const std::string& sql) {
  const std::unique_ptr<PGconn, decltype([](PGconn* raw) { PQfinish(raw); })> connection(PQconnectdb(test_postgres()));
  const std::unique_ptr<PGresult, decltype([](PGresult* raw) { PQclear(raw); })> answer(PQexec(connection.get(), sql.c_str()));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return fail(ErrorCode::unavailable, PQerrorMessage(connection.get()));
  return {};
}

std::atomic<int> databases = 0;

}  // namespace

Result<std::unique_ptr<TempDatabase>> TempDatabase::make(Dialect dialect) {
  std::unique_ptr<TempDatabase> temp(new TempDatabase(dialect));
  if (dialect == Dialect::sqlite) {
    temp->url_ = (temp->folder_.path() / "test.db").string();
    return temp;
  }
  if (test_postgres() == nullptr) return fail(ErrorCode::unavailable, "JUNXIAN_TEST_POSTGRES is not set");
  const auto name = "junxian_test_" + std::to_string(::getpid()) + "_" + std::to_string(++databases);
  JX_CHECK(on_server("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"));
  temp->name_ = name;
  temp->url_ = with_database(test_postgres(), name);
  return temp;
}

TempDatabase::~TempDatabase() {
  if (!name_.empty()) (void)on_server("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
}

Result<> prepare_all(Database& database, std::span<const SqlBundle* const> bundles) {
  const bool sqlite = database.dialect() == Dialect::sqlite;
  for (const auto* bundle : bundles) {
    for (const auto* query : bundle->queries) {
      if ((sqlite ? query->sqlite : query->postgres).empty()) continue;
      auto prepared = database.read(no_deadline, [&](Tx& tx) { return tx.prepare(*query); });
      if (!prepared) return fail_because(prepared.error(), prepared.error().code, std::string(query->name) + " cannot be prepared");
    }
  }
  return {};
}

}  // namespace jx::db
