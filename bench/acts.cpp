// acts.cpp - how many acts a second db does, durably, for many concurrent callers; beside the same statements without db, in the same run.
//
// An act writes one state row of 1.5 kB, two rows like the ledger's and one outbox row. SQLite is held against its C API in one thread,
// committing 64 acts together; PostgreSQL against pgbench, serializable, with as many clients. Rounds of both take turns.
// Usage: bench_acts sqlite [callers] [seconds]
//        tools/with-postgres --durable bench_acts postgres [callers] [seconds]
#include <jx/db.hpp>
#include <jx/db/migrate.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

namespace {

using namespace jx;
using Seconds = std::chrono::duration<double>;

constexpr int rounds = 5;
constexpr std::size_t raw_batch = 64;
constexpr std::size_t state_bytes = 1500;
constexpr std::size_t body_bytes = 300;

constexpr const char* tables_sqlite =
    "CREATE TABLE bench_state (id BLOB PRIMARY KEY, version INTEGER NOT NULL, unit TEXT NOT NULL, state TEXT NOT NULL) STRICT;"
    "CREATE TABLE bench_entry (id BLOB PRIMARY KEY, at INTEGER NOT NULL, salt BLOB NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE TABLE bench_outbox (id BLOB PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;";
constexpr const char* tables_postgres =
    R"(CREATE TABLE bench_state (id bytea PRIMARY KEY, version bigint NOT NULL, unit text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL);
    CREATE TABLE bench_entry (id bytea PRIMARY KEY, at bigint NOT NULL, salt bytea NOT NULL, body text COLLATE "C" NOT NULL);
    CREATE TABLE bench_outbox (id bytea PRIMARY KEY, at bigint NOT NULL, body text COLLATE "C" NOT NULL);)";
constexpr db::Migration tables{9001, "bench", tables_sqlite, tables_postgres};
constexpr db::SqlBundle bundle{"bench", {}, {&tables, 1}};

constexpr db::Query put_state{"bench.state", "INSERT INTO bench_state (id, version, unit, state) VALUES (?1, ?2, ?3, ?4)",
                              "INSERT INTO bench_state (id, version, unit, state) VALUES ($1, $2, $3, $4)"};
constexpr db::Query put_entry{"bench.entry", "INSERT INTO bench_entry (id, at, salt, body) VALUES (?1, ?2, ?3, ?4)",
                              "INSERT INTO bench_entry (id, at, salt, body) VALUES ($1, $2, $3, $4)"};
constexpr db::Query put_outbox{"bench.outbox", "INSERT INTO bench_outbox (id, at, body) VALUES (?1, ?2, ?3)",
                               "INSERT INTO bench_outbox (id, at, body) VALUES ($1, $2, $3)"};

/// What every act writes, but for its ids.
struct Content {
  std::string state = std::string(state_bytes, 's');
  std::string body = std::string(body_bytes, 'b');
  Bytes salt = Bytes(32, 7);
  std::string unit = "market-regulation";
};
const Content content;
SystemClock system_clock;
SystemRandom system_random;

struct Ids {
  Uuid state, first, second, outbox;
  Ids() : state(make()), first(make()), second(make()), outbox(make()) {}
  static Uuid make() { return Uuid::make(system_clock, system_random); }
};

Result<> act(db::Tx& tx, const Ids& ids, Instant at) {
  JX_CHECK(tx.run(put_state, ids.state.bytes(), 1, content.unit, content.state));
  JX_CHECK(tx.run(put_entry, ids.first.bytes(), at, content.salt, content.body));
  JX_CHECK(tx.run(put_entry, ids.second.bytes(), at, content.salt, content.body));
  JX_CHECK(tx.run(put_outbox, ids.outbox.bytes(), at, content.body));
  return {};
}

/// Acts a second through db, from `callers` threads that each wait for their answer.
double through_db(db::Database& database, std::size_t callers, Seconds time) {
  std::atomic<bool> stop = false;
  std::atomic<std::int64_t> done = 0;
  std::vector<std::jthread> threads;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const Ids ids;
        const auto at = system_clock.now();
        if (auto answer = database.write(at + std::chrono::seconds{30}, [&](db::Tx& tx) { return act(tx, ids, at); }); !answer) {
          std::fprintf(stderr, "%s\n", answer.error().text().c_str());
          std::exit(1);
        }
        ++done;
      }
    });
  }
  std::this_thread::sleep_for(time);
  stop = true;
  threads.clear();
  return static_cast<double>(done) / Seconds(std::chrono::steady_clock::now() - begin).count();
}

/// The same statements through SQLite's C API, with the same settings.
class Raw {
 public:
  explicit Raw(const std::string& path) {
    sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
        "PRAGMA cache_size = -32000");
    run(tables_sqlite);
    state_ = prepare(put_state);
    entry_ = prepare(put_entry);
    outbox_ = prepare(put_outbox);
  }
  ~Raw() {
    for (auto* statement : {state_, entry_, outbox_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  double acts(Seconds time) {
    std::int64_t done = 0;
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < time) {
      run("BEGIN IMMEDIATE");
      for (std::size_t i = 0; i < raw_batch; ++i, ++done) one();
      run("COMMIT");
    }
    return static_cast<double>(done) / Seconds(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  void one() {
    const Ids ids;
    const auto at = system_clock.now().micros;
    bind_blob(state_, 1, ids.state.bytes());
    sqlite3_bind_int64(state_, 2, 1);
    bind_text(state_, 3, content.unit);
    bind_text(state_, 4, content.state);
    step(state_);
    for (const auto& id : {ids.first, ids.second}) {
      bind_blob(entry_, 1, id.bytes());
      sqlite3_bind_int64(entry_, 2, at);
      bind_blob(entry_, 3, content.salt);
      bind_text(entry_, 4, content.body);
      step(entry_);
    }
    bind_blob(outbox_, 1, ids.outbox.bytes());
    sqlite3_bind_int64(outbox_, 2, at);
    bind_text(outbox_, 3, content.body);
    step(outbox_);
  }
  static void bind_blob(sqlite3_stmt* statement, int at, ByteView bytes) {
    sqlite3_bind_blob(statement, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }
  static void bind_text(sqlite3_stmt* statement, int at, const std::string& text) {
    sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) stop();
    sqlite3_reset(statement);
  }
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) stop();
  }
  sqlite3_stmt* prepare(const db::Query& query) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, query.sqlite.data(), static_cast<int>(query.sqlite.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK)
      stop();
    return statement;
  }
  void stop() {
    std::fprintf(stderr, "%s\n", sqlite3_errmsg(db_));
    std::exit(1);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* state_ = nullptr;
  sqlite3_stmt* entry_ = nullptr;
  sqlite3_stmt* outbox_ = nullptr;
};

/// Writes of 4 kB a second, each followed by fdatasync: what the disk itself allows.
double syncs(const std::filesystem::path& folder) {
  const int file = ::open((folder / "sync").c_str(), O_RDWR | O_CREAT, 0600);
  const std::string page(4096, 'p');
  int done = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (; std::chrono::steady_clock::now() - begin < Seconds(0.5); ++done) {
    if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) break;
  }
  ::close(file);
  return done / Seconds(std::chrono::steady_clock::now() - begin).count();
}

/// What pgbench reports for the same statements; its keys are made by the server from the client's number and a count.
double pgbench(const std::string& url, std::size_t clients, Seconds time, const std::filesystem::path& folder) {
  const auto script = folder / "acts.pgbench";
  std::ofstream(script)
      << "\\set n :n + 1\n"
         "BEGIN ISOLATION LEVEL SERIALIZABLE;\n"
         "INSERT INTO bench_state (id, version, unit, state) VALUES (int8send(:n) || int8send(:run * 1000 + :client_id), 1, :unit, :state);\n"
         "INSERT INTO bench_entry (id, at, salt, body) VALUES (int8send(:n) || int8send(:run * 2000 + 2 * :client_id), :n, decode(:salt, 'hex'), "
         ":body);\n"
         "INSERT INTO bench_entry (id, at, salt, body) VALUES (int8send(:n) || int8send(:run * 2000 + 2 * :client_id + 1), :n, decode(:salt, 'hex'), "
         ":body);\n"
         "INSERT INTO bench_outbox (id, at, body) VALUES (int8send(:n) || int8send(:run * 1000 + :client_id), :n, :body);\n"
         "COMMIT;\n";
  static int run = 0;
  const auto log = folder / "pgbench.log";
  const std::string command = "pgbench -n -M prepared -j 2 -c " + std::to_string(clients) + " -T " +
                              std::to_string(std::max(1, static_cast<int>(time.count()))) + " --max-tries=20 -D n=0 -D run=" + std::to_string(++run) +
                              " -D unit=" + content.unit + " -D state=" + content.state + " -D body=" + content.body +
                              " -D salt=" + to_hex(content.salt) + " -f " + script.string() + " '" + url + "' > " + log.string() + " 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream in(log);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto at = text.find("tps = ");
  if (status != 0 || at == std::string::npos) {
    std::fprintf(stderr, "%s\n", text.c_str());
    std::exit(1);
  }
  return std::strtod(text.c_str() + at + 6, nullptr);
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

template <class Ours, class Theirs>
void compare(const char* name, Ours&& ours, Theirs&& theirs) {
  std::vector<double> own;
  std::vector<double> other;
  std::vector<double> ratio;
  for (int i = 0; i < rounds; ++i) {
    other.push_back(theirs());
    own.push_back(ours());
    ratio.push_back(own.back() / other.back());
    std::printf("  round %d: db %8.0f acts/s   %s %8.0f acts/s   ratio %.2f\n", i + 1, own.back(), name, other.back(), ratio.back());
    std::fflush(stdout);
  }
  std::printf("median: db %.0f acts/s (best %.0f), %s %.0f acts/s, ratio %.2f\n", median(own), *std::ranges::max_element(own), name, median(other),
              median(ratio));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view which = argc > 1 ? argv[1] : "sqlite";
  const std::size_t callers = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 64;
  const Seconds time(argc > 3 ? std::strtod(argv[3], nullptr) : 3.0);
  const auto dialect = which == "postgres" ? db::Dialect::postgres : db::Dialect::sqlite;

  db::TempFolder folder;
  auto temp = db::TempDatabase::make(dialect);
  if (!temp) return std::fprintf(stderr, "%s\n", temp.error().text().c_str()), 1;
  auto database = db::Database::open({.url = (*temp)->url(), .connections = callers});
  if (!database) return std::fprintf(stderr, "%s\n", database.error().text().c_str()), 1;
  const std::array<const db::SqlBundle*, 2> bundles{&db::sql_bundle(), &bundle};
  if (auto done = db::migrate(**database, bundles); !done) return std::fprintf(stderr, "%s\n", done.error().text().c_str()), 1;

  std::printf("%s, %zu callers, %.1f s a round, %u cores; the disk syncs 4 kB %.0f times a second\n", which.data(), callers, time.count(),
              std::thread::hardware_concurrency(), syncs(folder.path()));
  if (dialect == db::Dialect::sqlite) {
    Raw raw((folder.path() / "raw.db").string());
    compare("SQLite's C API", [&] { return through_db(**database, callers, time); }, [&] { return raw.acts(time); });
  } else {
    compare("pgbench", [&] { return through_db(**database, callers, time); }, [&] { return pgbench((*temp)->url(), callers, time, folder.path()); });
  }
  return 0;
}
