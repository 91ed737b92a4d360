// deliveries.cpp - two programs make deliveries, whole ones and changes; one of them is killed every so often and begun again. All the while what is
// released has its use on record and its files whole. At the end every delivery is what the register says: no row missing, none twice. Usage:
// fault_deliveries <sqlite|postgres> <milliseconds between kills>
#include "deliveries.hpp"

#include <jx/db/testing.hpp>

#include <signal.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <thread>

namespace {

using namespace jx;
using exchange::DeliveryKind;
using exchange::DeliveryState;
using fault::must;
using fault::stop;

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* db = nullptr;
  if (sqlite3_open(file.c_str(), &db) != SQLITE_OK || sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) stop(sqlite3_errmsg(db));
  sqlite3_close(db);
}

/// A tenth of the rows is different, the first hundred are gone, a hundred are new.
void change_register(const std::filesystem::path& file) {
  run_sql(file,
          "BEGIN; UPDATE people SET note = 'changed' WHERE rowid % 10 = 0; DELETE FROM people WHERE rowid <= 100; "
          "WITH RECURSIVE n(i) AS (SELECT " +
              std::to_string(fault::rows) + " UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " + std::to_string(fault::rows + 100) +
              ") INSERT INTO people SELECT printf('P%07d', i), '13800000000', 'new' FROM n; COMMIT");
}

std::string line(const std::string& op, const std::string& id, const std::string& note) {
  return op + "\"id\":\"" + id + "\",\"phone\":\"138****0000\",\"note\":\"" + note + "\"}\n";
}
std::string note_of(int n) { return n >= fault::rows ? "new" : (n + 1) % 10 == 0 ? "changed" : "as it was"; }

std::string expected(DeliveryKind kind) {
  std::string out;
  if (kind == DeliveryKind::snapshot) {
    for (int n = 100; n < fault::rows + 100; ++n) out += line("{", fault::row_id(n), note_of(n));
    return out;
  }
  for (int n = 0; n < fault::rows + 100; ++n) {
    const auto id = fault::row_id(n);
    if (n < 100)
      out += "{\"op\":\"delete\",\"id\":\"" + id + "\"}\n";
    else if (n >= fault::rows)
      out += line("{\"op\":\"insert\",", id, note_of(n));
    else if (note_of(n) == "changed")
      out += line("{\"op\":\"update\",", id, "changed");
  }
  return out;
}

std::string content(fault::Units& units, const exchange::Delivery& delivery) {
  std::string out;
  for (std::int64_t part = 1; part <= delivery.parts; ++part) {
    const auto path = units.read([&](db::Tx& tx) { return units.deliveries().file(tx, delivery.id, part); });
    std::ifstream in(path, std::ios::binary);
    out.append(std::istreambuf_iterator<char>(in), {});
  }
  return out;
}

/// What may be downloaded now has its use on record, and its files are whole.
void check_released(fault::Units& units) {
  const auto listed = units.list();
  std::set<UsageId> uses;  // read after the list: of all that it says to be released
  for (const auto& use : units.read([](db::Tx& tx) { return exchange::usage_by(tx, UnitId::trusted("fire"), exchange::rows_max, ""); }).items)
    uses.insert(use.id);
  for (const auto& one : listed) {
    if (one.state == DeliveryState::failed) stop("a delivery failed: " + one.why->en);
    if (one.released_at && !uses.contains(one.usage)) stop("a delivery was released without a use on record");
  }
  if (const auto wrong = must(exchange::check_delivery_files(units.database(), units.folder() / "deliveries", true)); !wrong.empty())
    stop("a file is not what was released: " + wrong.front());
}

pid_t begin(const std::string& url, const std::string& folder) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fault_delivery";
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execl(program.c_str(), program.c_str(), url.c_str(), folder.c_str(), nullptr);
    ::_exit(127);
  }
  return process;
}

/// Answers how many were killed.
int run(fault::Units& units, const std::string& url, std::chrono::milliseconds between) {
  std::vector<pid_t> running{begin(url, units.folder().string()), begin(url, units.folder().string())};
  std::mt19937 dice(std::random_device{}());
  int kills = 0;
  auto next_kill = std::chrono::steady_clock::now() + between;
  while (!running.empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    for (auto& process : running) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) != process) continue;
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) stop("a program ended by itself with a fault");
      process = 0;
    }
    std::erase(running, 0);
    if (running.empty() || std::chrono::steady_clock::now() < next_kill) continue;
    auto& victim = running[dice() % running.size()];
    ::kill(victim, SIGKILL);
    int status = 0;
    ::waitpid(victim, &status, 0);
    kills += WIFSIGNALED(status) ? 1 : 0;
    check_released(units);
    victim = begin(url, units.folder().string());
    next_kill = std::chrono::steady_clock::now() + between / 2 + between * (dice() % 100) / 100;
  }
  return kills;
}

void check_all(fault::Units& units) {
  const std::string whole = expected(DeliveryKind::snapshot);
  const std::string changes = expected(DeliveryKind::changes);
  std::size_t folders = 0;
  int attempts = 0;
  for (const auto& one : units.list()) {
    ++folders;
    if (one.acknowledged_at) continue;  // the base, made in peace
    attempts += one.attempts;
    if (one.state != DeliveryState::released) stop("a delivery was not released");
    if (content(units, one) != (one.kind == DeliveryKind::snapshot ? whole : changes)) stop("a delivery is not what the register says");
  }
  const auto uses = units.read([](db::Tx& tx) { return exchange::usage_by(tx, UnitId::trusted("fire"), exchange::rows_max, ""); }).items;
  if (uses.size() != folders) stop(std::to_string(uses.size()) + " uses of " + std::to_string(folders) + " deliveries");
  if (!must(exchange::uses_with_other_persons(units.database())).empty()) stop("a use is not about whom it was recorded with");
  for (const auto& entry : std::filesystem::directory_iterator(units.folder() / "deliveries")) {
    --folders;
    if (std::distance(std::filesystem::directory_iterator(entry.path()), {}) != 1) stop("an attempt that was broken off left its files");
  }
  if (folders != 0) stop("folders are left that belong to no delivery, or one is missing");
  if (const auto report = must(ledger::check_state(units.database(), exchange::state_tables())); report.rows_altered > 0)
    stop(std::to_string(report.rows_altered) + " rows are not as the ledger says");
  std::printf("%d attempts at %d deliveries; ", attempts, 2 * fault::grants);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: fault_deliveries sqlite|postgres MILLISECONDS\n"), 2;
  const auto dialect = std::string_view(argv[1]) == "sqlite" ? db::Dialect::sqlite : db::Dialect::postgres;
  if (dialect == db::Dialect::postgres && db::test_postgres() == nullptr) return 77;
  const db::TempFolder folder;
  const auto temporary = must(db::TempDatabase::make(dialect));
  const auto source = folder.path() / "register.sqlite";
  run_sql(source,
          "CREATE TABLE people (id TEXT, phone TEXT, note TEXT); WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
              std::to_string(fault::rows) + ") INSERT INTO people SELECT printf('P%07d', i), '13800000000', 'as it was' FROM n");
  fault::Units units(temporary->url(), folder.path());
  units.set_up();
  const auto order = [&](int grant, DeliveryKind kind) {
    return units
        .act([&](db::Tx& tx, const Context& ctx) {
          return exchange::order_delivery(tx, ctx, LocalDate::of(2026, 11, 20),
                                          {fault::grant_id(grant), ProgrammeId::trusted("inspections"), kind, {}});
        })
        .id;
  };
  for (int n = 0; n < fault::grants; ++n) {
    const auto base = order(n, DeliveryKind::snapshot);
    if (!must(units.deliveries().step())) stop("there was nothing to make");
    units.act([&](db::Tx& tx, const Context& ctx) { return exchange::acknowledge(tx, ctx, base); });
  }
  change_register(source);
  for (int n = 0; n < fault::grants; ++n) {
    order(n, DeliveryKind::snapshot);
    order(n, DeliveryKind::changes);
  }
  const int kills = run(units, temporary->url(), std::chrono::milliseconds(std::atoi(argv[2])));
  check_released(units);
  check_all(units);
  std::printf("%d programs killed; every delivery is whole, its use is on record once, nothing is left of what was broken off\n", kills);
  return 0;
}
