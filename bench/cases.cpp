// cases.cpp - how many whole cases a second: start, a user task, three branches of a user task each, join, end.
//
//   bench_cases step                           the step function alone, one core, no SQL
//   bench_cases sqlite [callers] [seconds]     through the engine's API, durable; then the same statements raw
//   tools/with-postgres --durable bench_cases postgres [callers] [seconds]
//
// A whole case is five acts (open, four completions) and two reads (which tasks are there). "Raw" are the statements of such cases, with the same
// values, sent to an equal database by the library of that database alone: as many acts in a transaction as the engine's writer takes (SQLite), or
// an act a transaction, its statements in one pipeline, on as many connections (PostgreSQL).
#include "../src/engine/cases/step.hpp"
#include "county.hpp"
#include "raw.hpp"

#include <algorithm>
#include <string_view>

namespace {

using namespace jx;
using bench::must;

// ---- the step function alone --------------------------------------------------------------------------------------------------------

struct StillHost final : cases::Host {
  [[nodiscard]] Instant now() const override { return {}; }
  [[nodiscard]] std::string_view zone() const override { return "UTC"; }
  [[nodiscard]] Result<Instant> term_end(Instant, int, bool) const override { return Instant{}; }
  Result<rules::Value> decide(std::string_view, const cases::Variables&) override { return rules::Value(); }
  Result<cases::HostAnswer> script(std::string_view, std::string_view, const cases::Variables&) override { return cases::HostAnswer{}; }
};

int bench_step() {
  const auto model = cases::compile(bench::three_branches);
  if (!model.definition) return std::fprintf(stderr, "the process is refused: %s\n", model.findings.front().message.en.c_str()), 1;
  StillHost host;
  const auto one = [&] {
    cases::State state;
    must(cases::step(*model.definition, state, cases::Start{model.definition->find("bench"), cases::no_index, cases::no_index, {}}, host));
    while (!state.ended()) {
      const auto task = std::ranges::find(state.waits, cases::WaitKind::task, &cases::Wait::kind);
      if (task == state.waits.end()) std::abort();
      must(cases::step(*model.definition, state, cases::Completed{task->id, {}, {}, {}}, host));
    }
  };
  constexpr int count = 50'000;
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double begin = bench::cpu_seconds();
    for (int i = 0; i < count; ++i) one();
    best = std::min(best, bench::cpu_seconds() - begin);
  }
  std::printf("step function alone: %.0f whole cases a second of processor time\n", count / best);
  return 0;
}

// ---- durable ------------------------------------------------------------------------------------------------------------------------

double durable(bench::County& county, int callers, double seconds) {
  std::atomic<bool> go{true};
  std::atomic<std::size_t> count{0};
  std::vector<std::jthread> threads;
  const auto begin = std::chrono::steady_clock::now();
  const double cpu_before = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      while (go) {
        county.one_case();
        ++count;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  go = false;
  const auto counted = static_cast<double>(count.load());
  const double rate = counted / bench::seconds_since(begin);
  const double cpu = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
  threads.clear();
  std::printf("%d callers: %.0f whole cases/s, %.0f us of this program's processor time each\n", callers, rate, cpu * 1e6 / counted);
  return rate;
}

/// The transactions of whole cases, as the engine makes them.
std::vector<bench::Transaction> recorded(bench::County& county, std::size_t cases) {
  std::vector<bench::Transaction> acts;
  const auto ctx = county.context();
  for (std::size_t i = 0; i < cases; ++i) {
    const auto act = [&](auto&& f) {
      acts.emplace_back();
      return county.act([&](db::Tx& tx) {
        bench::RecordingTx recording(tx, acts.back());
        return f(recording);
      });
    };
    const auto receipt = act([&](db::Tx& tx) { return county.engine().open(tx, ctx, county.opening()); });
    for (std::size_t done = 0; done < 4;) {
      for (const auto& task : county.tasks(receipt.id)) act([&](db::Tx& tx) { return county.engine().complete(tx, ctx, task.id, {}); }), ++done;
    }
  }
  return acts;
}

int bench_durable(db::Dialect dialect, int callers, double seconds) {
  const auto temporary = must(db::TempDatabase::make(dialect));
  const bool sqlite = dialect == db::Dialect::sqlite;
  std::printf("%s\n", sqlite ? "SQLite" : "PostgreSQL");
  bench::County county(temporary->url(), bench::three_branches);
  const double rate = durable(county, callers, seconds);
  constexpr std::size_t cases = 3'000;
  const auto other = must(db::TempDatabase::make(dialect));
  const auto equal = must(db::TempDatabase::make(dialect));
  bench::County second(other->url(), bench::three_branches);
  const auto acts = recorded(second, cases);
  {
    const bench::County tables_only(equal->url(), bench::three_branches);
  }
  const double took =
      sqlite ? bench::replay_sqlite(equal->url(), acts, static_cast<std::size_t>(callers)) : bench::replay_postgres(equal->url(), acts, 16);
  const double raw = static_cast<double>(cases) / took;
  std::printf("the same %zu statements a case raw: %.0f whole cases/s; the engine reaches %.2f of it\n", bench::statements_of(acts) / cases, raw,
              rate / raw);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const int callers = argc > 2 ? std::atoi(argv[2]) : 64;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 5;
  if (what == "step") return bench_step();
  if (what == "sqlite") return bench_durable(db::Dialect::sqlite, callers, seconds);
  if (what == "postgres") return bench_durable(db::Dialect::postgres, callers, seconds);
  return std::fprintf(stderr, "usage: bench_cases step | sqlite [callers] [seconds] | postgres [callers] [seconds]\n"), 2;
}
