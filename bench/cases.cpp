// cases.cpp - how many whole cases a second: start, a user task, three branches of a user task each, join, end.
//
//   bench_cases step                       the step function alone, one core, no SQL
//   bench_cases sqlite [callers] [seconds]     through the engine's API, durable
//   tools/with-postgres --durable bench_cases postgres [callers] [seconds]
//
// A whole case is five acts (open, four completions) and two reads (which tasks are there).
#include "../src/engine/cases/step.hpp"

#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/model.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack.hpp>
#include <jx/pack/sql.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <thread>

namespace {

using namespace jx;

constexpr const char* process = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jx="https://junxian.example/bpmn"
    id="definitions" targetNamespace="urn:bench" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">
  <process id="bench" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
    <userTask id="accept" name="Accept" jx:unit="desk"/><sequenceFlow id="f2" sourceRef="accept" targetRef="fork"/>
    <parallelGateway id="fork"/>
    <sequenceFlow id="f3" sourceRef="fork" targetRef="a"/><sequenceFlow id="f4" sourceRef="fork" targetRef="b"/><sequenceFlow id="f5" sourceRef="fork" targetRef="c"/>
    <userTask id="a" jx:unit="desk"/><userTask id="b" jx:unit="desk"/><userTask id="c" jx:unit="desk"/>
    <sequenceFlow id="f6" sourceRef="a" targetRef="join"/><sequenceFlow id="f7" sourceRef="b" targetRef="join"/><sequenceFlow id="f8" sourceRef="c" targetRef="join"/>
    <parallelGateway id="join"/><sequenceFlow id="f9" sourceRef="join" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>)";

[[noreturn]] void stop(const Error& error) {
  std::fprintf(stderr, "bench_cases: %s\n", error.text().c_str());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// ---- the step function alone --------------------------------------------------------------------------------------------------------

struct StillHost final : cases::Host {
  [[nodiscard]] Instant now() const override { return {}; }
  [[nodiscard]] std::string_view zone() const override { return "UTC"; }
  [[nodiscard]] Result<Instant> term_end(Instant, int, bool) const override { return Instant{}; }
  Result<rules::Value> decide(std::string_view, const cases::Variables&) override { return rules::Value(); }
  Result<cases::HostAnswer> script(std::string_view, std::string_view, const cases::Variables&) override { return cases::HostAnswer{}; }
};

double cpu_seconds(clockid_t of = CLOCK_THREAD_CPUTIME_ID) {
  timespec now{};
  clock_gettime(of, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

int bench_step() {
  const auto model = cases::compile(process);
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
    const double begin = cpu_seconds();
    for (int i = 0; i < count; ++i) one();
    best = std::min(best, cpu_seconds() - begin);
  }
  std::printf("step function alone: %.0f whole cases a second of processor time\n", count / best);
  return 0;
}

// ---- durable ------------------------------------------------------------------------------------------------------------------------

/// Gives the one unit of the process its name.
struct DeskPart final : pack::Part {
  [[nodiscard]] std::string_view name() const override { return "desk"; }
  [[nodiscard]] bool owns(std::string_view) const override { return false; }
  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    names.declare(pack::Kind::unit, "desk", pack.files().front(), 1, findings);
  }
  void check(const pack::Pack&, const pack::Names&, pack::Findings&) const override {}
  [[nodiscard]] Result<std::vector<pack::Change>> plan(db::Tx&, const Context&, const pack::Pack&) const override {
    return std::vector<pack::Change>();
  }
  [[nodiscard]] Result<> apply(db::Tx&, const Context&, const pack::Pack&) const override { return {}; }
};

class County {
 public:
  explicit County(db::Dialect dialect) : temporary_(must(db::TempDatabase::make(dialect))) {
    database_ = must(db::Database::open({.url = temporary_->url(), .connections = 16}));
    const db::SqlBundle* bundles[] = {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &cases::sql_bundle()};
    must(db::migrate(*database_, bundles));
    calendar::Spec spec;
    spec.id = "cn";
    spec.zone = "Asia/Shanghai";
    calendar_ = std::make_shared<const calendar::Calendar>(must(calendar::Calendar::make(spec)));
    engine_ = std::make_unique<cases::Engine>(cases::Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, nullptr});
    const auto pack = must(pack::Pack::of(
        {{"pack.yaml", "key: bench\nname: {en: Bench, zh-CN: 测试}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n"},
         {"processes/bench.bpmn", process}}));
    const auto part = cases::pack_part(&handlers_);
    must(database_->write(no_deadline, [&](db::Tx& tx) { return part->apply(tx, context(), pack); }));
  }

  /// From open to end.
  void one_case() {
    const auto ctx = context();
    cases::Opening opening;
    opening.process = ProcessId::trusted("bench");
    opening.title = "Wang Fang";
    opening.number_prefix = "YX";
    const auto receipt = must(database_->write_guarded(no_deadline, [&](db::Tx& tx) { return engine_->open(tx, ctx, opening); }));
    for (std::size_t done = 0; done < 4;) {
      const auto open = must(database_->read(no_deadline, [&](db::Tx& tx) { return engine_->open_tasks(tx, ctx, receipt.id); }));
      for (const auto& task : open) {
        must(database_->write_guarded(no_deadline, [&](db::Tx& tx) { return engine_->complete(tx, ctx, task.id, {}); }));
        ++done;
      }
    }
  }

  Context context() {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    ctx.actor.unit = UnitId::trusted("desk");
    ctx.actor.post = PostId::trusted("desk/clerk");
    ctx.actor.account = *AccountId::parse("00000000-0000-7000-8000-000000000001");
    return ctx;
  }
  db::Database& database() { return *database_; }

 private:
  std::unique_ptr<db::TempDatabase> temporary_;
  std::unique_ptr<db::Database> database_;
  SystemClock clock_;
  SystemRandom random_;
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared, as the engine asks for it
  cases::Registry handlers_;
  std::unique_ptr<cases::Engine> engine_;
};

int bench_durable(db::Dialect dialect, int callers, double seconds) {
  County county(dialect);
  std::atomic<bool> go{true};
  std::atomic<std::size_t> count{0};
  std::vector<std::thread> threads;
  const auto begin = std::chrono::steady_clock::now();
  const double cpu_before = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
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
  const auto counted = count.load();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
  for (auto& thread : threads) thread.join();
  std::printf("%s, %d callers: %.0f whole cases/s, %.0f us of processor time each\n", dialect == db::Dialect::sqlite ? "SQLite" : "PostgreSQL",
              callers, static_cast<double>(counted) / took, cpu * 1e6 / static_cast<double>(counted));
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
