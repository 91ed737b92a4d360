// deliveries.cpp - how fast a delivery's file is made: a SQLite table of 12 columns, three of them masked (partial, generalise, FEEL), to NDJSON in
// parts with their hashes, beside the same rows written as NDJSON by sqlite3_column calls alone. Usage: bench_deliveries [rows] [--changes]
#include "county.hpp"

#include <jx/connectors.hpp>
#include <jx/exchange/deliveries.hpp>

#include "../src/engine/exchange/delivery_make.hpp"

#include <sqlite3.h>
#include <sys/resource.h>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace {

using namespace jx;
using bench::must;
using bench::seconds_since;

constexpr const char* columns[] = {"id", "name", "phone", "address", "born", "income", "status", "grade", "opened", "note", "district", "score"};

void run(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
    std::exit(1);
  }
}

void make_source(const std::filesystem::path& file, long rows) {
  sqlite3* db = nullptr;
  sqlite3_open(file.c_str(), &db);
  run(db,
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE people (id TEXT, name TEXT, phone TEXT, address TEXT, born TEXT, "
      "income INTEGER, status TEXT, grade TEXT, opened TEXT, note TEXT, district INTEGER, score REAL)");
  run(db,
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(rows) +
          ") INSERT INTO people SELECT printf('51%016d', i), '王' || char(0x4e00 + i % 5000), printf('138%08d', i % 100000000), "
          "'云溪县溪口镇老街' || i || '号', date('1950-01-01', (i % 20000) || ' days'), i % 90000, CASE i % 3 WHEN 0 THEN 'valid' ELSE 'closed' END, "
          "char(65 + i % 4), date('2001-01-01', (i % 9000) || ' days'), 'note \"' || i || '\"', 510100 + i % 12, i * 0.25 FROM n");
  sqlite3_close(db);
}

catalogue::Resource resource_of() {
  catalogue::Resource resource;
  resource.id = ResourceId::trusted("people");
  resource.table = "people";
  using enum catalogue::FieldType;
  constexpr catalogue::FieldType types[] = {text, text, text, text, date, integer, text, text, date, text, integer, number};
  for (std::size_t i = 0; i < std::size(columns); ++i) resource.fields.push_back({columns[i], columns[i], {}, types[i]});
  return resource;
}

exchange::Grant grant_of(bool changes) {
  exchange::Grant grant;
  grant.id = GrantId::trusted("bench");
  grant.resource = ResourceId::trusted("people");
  for (const char* column : columns) grant.fields.push_back({column, std::nullopt});
  grant.fields[2].mask = "partial";
  grant.fields[5].mask = "generalise";
  grant.fields[9].mask = R"(upper case(substring(value, 1, 4)) + "****")";
  grant.delivery = exchange::DeliveryTerms{exchange::DeliveryFormat::ndjson, changes, changes ? std::optional<std::string>("id") : std::nullopt, {}};
  return grant;
}

/// The limit: one thread, no masks, no escapes but quotes, no hash.
double raw(const std::filesystem::path& source, const std::filesystem::path& out, std::size_t& bytes) {
  const auto begin = std::chrono::steady_clock::now();
  sqlite3* db = nullptr;
  sqlite3_open_v2(source.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "SELECT id, name, phone, address, born, income, status, grade, opened, note, district, score FROM people", -1, &statement,
                     nullptr);
  const int file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::string buffer;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < 12; ++i) {
      buffer.append(i == 0 ? "{\"" : ",\"").append(columns[i]).append("\":");
      const bool text = sqlite3_column_type(statement, i) == SQLITE_TEXT;
      if (text) buffer.push_back('"');
      const auto* at = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));  // NOLINT(*-reinterpret-cast)
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
      for (const char* c = at; c < at + size; ++c) {
        if (*c == '"' || *c == '\\') buffer.push_back('\\');
        buffer.push_back(*c);
      }
      if (text) buffer.push_back('"');
    }
    buffer.append("}\n");
    if (buffer.size() < exchange::part_bytes) continue;
    bytes += buffer.size();
    if (::write(file, buffer.data(), buffer.size()) < 0) std::exit(1);
    buffer.clear();
  }
  bytes += buffer.size();
  if (::write(file, buffer.data(), buffer.size()) < 0) std::exit(1);
  ::fsync(file);
  ::close(file);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return seconds_since(begin);
}

long memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void tell(const char* what, long rows, double seconds, double cpu, double bytes) {
  std::printf("%-34s %9.0f rows/s  %6.1f MB/s  %5.2f s  %5.2f s of processor\n", what, static_cast<double>(rows) / seconds, bytes / 1e6 / seconds,
              seconds, cpu);
}

}  // namespace

int main(int argc, char** argv) {
  const bool changes = argc > 2 && std::string_view(argv[2]) == "--changes";
  const long rows = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  if (rows < 1) {
    std::fprintf(stderr, "usage: bench_deliveries [rows] [--changes]\n");
    return 2;
  }
  const db::TempFolder folder;
  make_source(folder.path() / "people.sqlite", rows);
  VirtualClock clock{Instant{1'800'000'000'000'000}};
  connectors::LocalSources sources(folder.path(), clock);
  catalogue::Source source{SourceId::trusted("people"), LocalizedText({{"en", "People"}, {"zh-CN", "人口"}}), UnitId::trusted("police")};
  source.path = "people.sqlite";
  const auto resource = resource_of();
  const auto grant = grant_of(changes);
  const std::optional<exchange::Filter> no_filter;

  const auto make = [&](const char* what, exchange::DeliveryKind kind, const char* into, const char* base) {
    const auto begin = std::chrono::steady_clock::now();
    const double cpu = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    std::filesystem::create_directories(folder.path() / into);
    const auto writer = must(exchange::RowWriter::make({grant, resource, no_filter, changes ? "id" : ""}));
    const auto made = must(exchange::make_delivery({sources,
                                                    source,
                                                    resource.table,
                                                    *writer,
                                                    folder.path() / into,
                                                    kind,
                                                    changes,
                                                    base == nullptr ? std::filesystem::path() : folder.path() / base / "index",
                                                    {}}));
    tell(what, rows, seconds_since(begin), bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, static_cast<double>(made.bytes));
    std::printf("%34s %lld lines in %zu parts\n", "", static_cast<long long>(made.records), made.parts.size());
  };
  const long before = memory_mib();
  for (int round = 0; round < 3; ++round) {
    const std::string into = "s" + std::to_string(round);
    make(changes ? "snapshot with its index" : "snapshot, three fields masked", exchange::DeliveryKind::snapshot, into.c_str(), nullptr);
    if (round == 0) std::printf("%34s memory at most %ld MiB (%ld before)\n", "", memory_mib(), before);
    if (changes) {
      sqlite3* db = nullptr;
      sqlite3_open((folder.path() / "people.sqlite").c_str(), &db);
      run(db, "UPDATE people SET status = 'moved' WHERE rowid % 100 = " + std::to_string(round));
      sqlite3_close(db);
      make("changes, one row in a hundred", exchange::DeliveryKind::changes, ("c" + std::to_string(round)).c_str(), into.c_str());
      std::printf("%34s memory at most %ld MiB\n", "", memory_mib());
    }
    std::filesystem::remove_all(folder.path() / into);
    std::size_t bytes = 0;
    const double cpu = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double took = raw(folder.path() / "people.sqlite", folder.path() / "raw", bytes);
    tell("limit: sqlite3_column, no masks", rows, took, bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, static_cast<double>(bytes));
  }
  return 0;
}
