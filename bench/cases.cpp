// cases.cpp - how many whole cases a second: start, a user task, three branches of a user task each, join, end.
//
//   bench_cases step                           the step function alone, one core, no SQL
//   bench_cases sqlite [callers] [cases]     through the engine's API, durable; then the same statements raw
//   tools/with-postgres --durable bench_cases postgres [callers] [cases]
//
// A whole case is five acts (open, four completions) and two reads (which tasks are there). "Raw" are the statements of the acts of as many
// cases, with the same values, sent to an equal empty database by the library of that database alone: in the order in which the engine's writer ran
// them, as many acts in a transaction as there are callers (SQLite), or an act a transaction, its statements in one pipeline, on as many connections
// (PostgreSQL).
#include "../src/engine/cases/step.hpp"
#include "county.hpp"
#include "raw.hpp"

#include <algorithm>
#include <mutex>
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

constexpr std::size_t acts_a_case = 5;

/// The transactions of cases that many callers work on at once, as the engine makes them.
class Record {
 public:
  explicit Record(std::size_t cases) : acts_(cases * acts_a_case) {}

  /// From open to end; thread-safe, each case once.
  void one_case(bench::County& county, std::size_t n) {
    const auto ctx = county.context();
    std::size_t done = 0;
    const auto act = [&](auto&& f) {
      auto& into = acts_[n * acts_a_case + done++];
      return county.act([&](db::Tx& tx) {
        bench::RecordingTx recording(tx, into);
        {
          const std::lock_guard lock(mutex_);
          order_.push_back(&into);
        }
        return f(recording);
      });
    };
    const auto receipt = act([&](db::Tx& tx) { return county.engine().open(tx, ctx, county.opening()); });
    while (done < acts_a_case) {
      for (const auto& task : county.tasks(receipt.id)) act([&](db::Tx& tx) { return county.engine().complete(tx, ctx, task.id, {}); });
    }
  }
  /// Case by case.
  [[nodiscard]] const std::vector<bench::Transaction>& acts() const { return acts_; }
  /// In the order in which the one writer ran them.
  [[nodiscard]] const std::vector<const bench::Transaction*>& order() const { return order_; }

 private:
  std::vector<bench::Transaction> acts_;
  std::mutex mutex_;
  std::vector<const bench::Transaction*> order_;
};

double by_engine(db::Dialect dialect, int callers, std::size_t cases) {
  const auto temporary = must(db::TempDatabase::make(dialect));
  bench::County county(temporary->url(), bench::three_branches);
  const double cpu_before = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const auto begin = std::chrono::steady_clock::now();
  bench::by_callers(callers, cases, [&](std::size_t) { county.one_case(); });
  const double rate = static_cast<double>(cases) / bench::seconds_since(begin);
  const double cpu = bench::cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
  std::printf("%d callers: %.0f whole cases/s, %.0f us of this program's processor time each", callers, rate, cpu * 1e6 / static_cast<double>(cases));
  return rate;
}

double by_hand(db::Dialect dialect, int callers, std::size_t cases, const Record& record) {
  const auto equal = must(db::TempDatabase::make(dialect));
  {
    const bench::County tables_only(equal->url(), bench::three_branches);
  }
  const double took = dialect == db::Dialect::sqlite ? bench::replay_sqlite(equal->url(), record.order(), static_cast<std::size_t>(callers))
                                                     : bench::replay_postgres(equal->url(), record.acts(), acts_a_case, 16);
  const double rate = static_cast<double>(cases) / took;
  std::printf("; the same %zu statements a case raw: %.0f/s", bench::statements_of(record.acts()) / cases, rate);
  return rate;
}

int bench_durable(db::Dialect dialect, int callers, std::size_t cases) {
  std::printf("%s, %zu cases from an empty database, engine and raw by turns\n", dialect == db::Dialect::sqlite ? "SQLite" : "PostgreSQL", cases);
  Record record(cases);
  {
    const auto temporary = must(db::TempDatabase::make(dialect));
    bench::County county(temporary->url(), bench::three_branches);
    bench::by_callers(callers, cases, [&](std::size_t n) { record.one_case(county, n); });
  }
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    rates.push_back(by_engine(dialect, callers, cases));
    ratios.push_back(rates.back() / by_hand(dialect, callers, cases, record));
    std::printf("; %.2f of it\n", ratios.back());
  }
  std::ranges::sort(rates);
  std::ranges::sort(ratios);
  std::printf("median: %.0f whole cases/s, %.2f of the same statements raw\n", rates[2], ratios[2]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const int callers = argc > 2 ? std::atoi(argv[2]) : 64;
  const std::size_t cases = argc > 3 ? static_cast<std::size_t>(std::atoi(argv[3])) : what == "postgres" ? 2'000 : 8'000;
  if (what == "step") return bench_step();
  if (what == "sqlite") return bench_durable(db::Dialect::sqlite, callers, cases);
  if (what == "postgres") return bench_durable(db::Dialect::postgres, callers, cases);
  return std::fprintf(stderr, "usage: bench_cases step | sqlite [callers] [cases] | postgres [callers] [cases]\n"), 2;
}
