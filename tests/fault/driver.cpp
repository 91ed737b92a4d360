// driver.cpp - kills the writer, its sessions or its server at random moments, and holds what is left against what was answered:
// every answered act is there once, with its ledger entry and its outbox row; none that was refused is; the database and its ledger are sound.
// Usage: fault_driver sqlite|postgres <rounds> [seed]
#include "acts.hpp"

#include <jx/db/admin.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/verify.hpp>

#include <boost/json.hpp>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace {

using namespace jx;
using Acts = std::set<std::int64_t>;

constexpr int rounds_of_one_database = 20;  // then a new one, so that checking it stays quick
constexpr std::int64_t acts_of_one_round = 1'000'000;
constexpr auto patience = std::chrono::seconds{60};
constexpr int run_on_max_ms = 120;

std::mt19937 dice;
int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(dice); }
void sleep_ms(int time) { std::this_thread::sleep_for(std::chrono::milliseconds{time}); }

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "fault_driver: %s\n", why.c_str());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The writer, as a process of its own, and what it has said.
class Writer {
 public:
  Writer(const std::string& url, const std::string& keys, std::int64_t first) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) stop("no pipe");
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fault_writer";
    const auto number = std::to_string(first);
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(ends[1], STDOUT_FILENO);
      ::execl(program.c_str(), program.c_str(), url.c_str(), keys.c_str(), number.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    listener_ = std::thread([this, end = ends[0]] { listen(end); });
  }
  ~Writer() { kill(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Waits until so many more acts were answered with done.
  void wait_for(std::size_t more) {
    std::unique_lock lock(mutex_);
    const auto enough = told_["done"].size() + more;
    if (!heard_.wait_for(lock, patience, [&] { return told_["done"].size() >= enough || over_; }) || over_) stop("the writer does no acts");
  }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
    listener_.join();
  }
  /// After kill().
  const Acts& told(const std::string& what) { return told_[what]; }

 private:
  void listen(int end) {
    FILE* lines = ::fdopen(end, "r");
    char what[16];
    long long act = 0;
    while (std::fscanf(lines, "%15s %lld\n", what, &act) == 2) {
      const std::lock_guard lock(mutex_);
      told_[what].insert(act);
      heard_.notify_all();
    }
    std::fclose(lines);
    const std::lock_guard lock(mutex_);
    over_ = true;
    heard_.notify_all();
  }

  pid_t process_ = -1;
  std::thread listener_;
  std::mutex mutex_;
  std::condition_variable heard_;
  std::map<std::string, Acts> told_;  // guarded by mutex_ while the listener runs
  bool over_ = false;                 // guarded by mutex_
};

/// A statement of an operator on the writer's database; answers the first cell.
std::string on_server(const std::string& url, const std::string& sql) {
  PGconn* connection = PQconnectdb(url.c_str());
  PGresult* result = PQexec(connection, sql.c_str());
  const std::string cell = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  PQfinish(connection);
  return cell;
}

void end_sessions(const std::string& url) {
  for (int i = 1 + below(4); i > 0; --i) {
    on_server(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.7");
    sleep_ms(below(30));
  }
}

/// As if the machine of the server had lost its power, but for what the kernel keeps.
void crash_server() {
  const char* data = std::getenv("JUNXIAN_TEST_POSTGRES_DATA");
  if (data == nullptr) stop("JUNXIAN_TEST_POSTGRES_DATA is not set: run under tools/with-postgres");
  const std::string as_owner = ::geteuid() == 0 ? "runuser -u \"$(stat -c %U " + std::string(data) + ")\" -- " : "";
  const std::string restart =
      "cd / && " + as_owner + "\"$(command -v pg_ctl)\" -D " + data + " -m immediate -w -t 60 -l " + data + "/../log restart >/dev/null 2>&1";
  if (std::system(restart.c_str()) != 0) stop("the server did not come back");
}

/// What the sessions of a killed writer had sent may still be under way on the server.
void wait_for_quiet(const std::string& url) {
  for (int tries = 0; on_server(url, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()") != "0";
       ++tries) {
    if (tries > 1000) stop("sessions of the killed writer stay");
    sleep_ms(10);
  }
}

/// A database with a ledger, and the folder of its keys.
struct World {
  db::TempFolder folder;
  std::unique_ptr<db::TempDatabase> temp;
  std::filesystem::path keys = folder.path() / fault::keys_folder;
  SystemClock clock;
  SystemRandom random;

  explicit World(db::Dialect dialect) : temp(must(db::TempDatabase::make(dialect))) {
    must(ledger::Signer::create(keys, false));
    auto database = must(db::Database::open({.url = temp->url()}));
    must(db::migrate(*database, fault::bundles()));
    const Context ctx{.actor = {}, .request = {}, .clock = clock, .random = random};
    must(database->write(no_deadline, [&](db::Tx& tx) { return ledger::open_log(tx, ctx, fault::origin); }));
  }
};

/// The acts of a table; stops if one is there twice.
Acts acts_of(db::Database& database, const db::Query& query) {
  Acts acts;
  must(database.read(no_deadline, [&](db::Tx& tx) {
    return tx.each(query, [&](db::Row&& row) -> Result<> {
      if (!acts.insert(row.integer(0)).second) stop("act " + std::to_string(row.integer(0)) + " is there twice: " + std::string(query.name));
      return {};
    });
  }));
  return acts;
}

Acts acts_of_ledger(db::Database& database) {
  Acts acts;
  for (ledger::Place from{1, 0};;) {
    const auto entries = must(database.read(no_deadline, [&](db::Tx& tx) { return ledger::feed(tx, from, 1000); }));
    if (entries.empty()) return acts;
    for (const auto& entry : entries) {
      if (entry.kind != fault::entry_kind) continue;
      const auto act = boost::json::parse(*entry.body).at("body").at("act").to_number<std::int64_t>();
      if (!acts.insert(act).second) stop("act " + std::to_string(act) + " is in the ledger twice");
    }
    from = *entries.back().place;
    ++from.index;
  }
}

/// `junxian db check` and `ledger verify`.
void check_sound(db::Database& database, const ledger::Signer& signer) {
  const std::array more{db::Check{"ledger",
                                  [&](db::Database& checked, std::vector<db::Finding>& findings) -> Result<> {
                                    JX_TRY(report, ledger::verify(ledger::database_source(checked, 1), signer.keys(std::string(fault::origin))));
                                    for (const auto& one : report.findings) findings.push_back({one.path, one.what});
                                    return {};
                                  }},
                        db::Check{"state", [&](db::Database& checked, std::vector<db::Finding>& findings) -> Result<> {
                                    JX_TRY(report, ledger::check_state(checked, {&fault::state_table, 1}));
                                    for (const auto& row : report.rows)
                                      findings.push_back({row.table, {"row " + row.key + " is not as its entry says"}});
                                    return {};
                                  }}};
  const auto report = must(db::check(database, fault::bundles(), more));
  for (const auto& finding : report.findings) std::fprintf(stderr, "%s: %s\n", finding.where.c_str(), finding.message.en.c_str());
  if (!report.findings.empty()) stop("the database is not sound");
}

/// A key tells whether its act was done, without doing it.
void check_keys(db::Database& database, const Acts& begun, const Acts& there) {
  for (const auto act : begun) {
    if (!fault::is_keyed(act)) continue;
    const auto asked = database.write(no_deadline, fault::key_of(act), [](db::Tx&) -> Result<> { return fail(ErrorCode::limited, "only asked"); });
    if ((asked.error().code == ErrorCode::conflict) != there.contains(act))
      stop("the key of act " + std::to_string(act) + " does not tell whether it was done");
  }
}

struct Counts {
  std::size_t done = 0, refused = 0, unknown = 0, open = 0, open_but_there = 0;
};

void hold_against(World& world, Writer& writer, std::int64_t first, Counts& counts) {
  auto database = must(db::Database::open({.url = world.temp->url()}));
  const auto signer = must(ledger::Signer::open(world.keys));
  must(ledger::Sequencer(*database, signer).step());
  const auto there = acts_of(*database, fault::states);
  if (there != acts_of(*database, fault::outbox)) stop("state and outbox do not hold the same acts");
  if (there != acts_of_ledger(*database)) stop("state and ledger do not hold the same acts");
  for (const auto act : writer.told("done")) {
    if (!there.contains(act)) stop("act " + std::to_string(act) + " was answered and is lost");
  }
  for (const auto act : writer.told("refused")) {
    if (there.contains(act)) stop("act " + std::to_string(act) + " was refused and is there");
  }
  Acts open = writer.told("begin");
  for (const auto* answer : {"done", "refused"}) {
    for (const auto act : writer.told(answer)) open.erase(act);
  }
  for (auto act = there.lower_bound(first); act != there.end(); ++act) {
    if (!writer.told("begin").contains(*act)) stop("act " + std::to_string(*act) + " was never begun and is there");
  }
  check_keys(*database, open, there);
  check_sound(*database, signer);
  counts.done += writer.told("done").size();
  counts.refused += writer.told("refused").size();
  counts.unknown += writer.told("unknown").size();
  counts.open += open.size();
  for (const auto act : open) counts.open_but_there += there.contains(act) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: fault_driver sqlite|postgres <rounds> [seed]\n"), 2;
  const auto dialect = std::string_view(argv[1]) == "sqlite" ? db::Dialect::sqlite : db::Dialect::postgres;
  const int rounds = std::atoi(argv[2]);
  const auto seed = argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : std::random_device{}();
  dice.seed(seed);
  std::printf("seed %u\n", seed);
  std::fflush(stdout);

  std::unique_ptr<World> world;
  Counts counts;
  int clients = 0, sessions = 0, servers = 0;
  for (int round = 0; round < rounds; ++round) {
    if (round % rounds_of_one_database == 0) world = std::make_unique<World>(dialect);
    const auto first = round * acts_of_one_round;
    Writer writer(world->temp->url(), world->keys.string(), first);
    writer.wait_for(1);
    sleep_ms(below(run_on_max_ms));
    const int kind = dialect == db::Dialect::sqlite ? 0 : round % 4;
    if (kind == 2) {
      end_sessions(world->temp->url());
      ++sessions;
    } else if (kind == 3) {
      crash_server();
      writer.wait_for(5);  // it goes on with the server that came back
      ++servers;
    }
    writer.kill();
    ++clients;
    if (dialect == db::Dialect::postgres) wait_for_quiet(world->temp->url());
    hold_against(*world, writer, first, counts);
  }
  std::printf("%d rounds: the program was killed %d times, its sessions %d times, the server %d times\n", rounds, clients, sessions, servers);
  std::printf("%zu acts answered and there, %zu refused and not there, %zu said to be unknown; %zu were open when killed, of which %zu were done\n",
              counts.done, counts.refused, counts.unknown, counts.open, counts.open_but_there);
  return 0;
}
