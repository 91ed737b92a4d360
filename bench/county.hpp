// county.hpp - what the programs that measure cases share: a process, a database of its own, and an office that works on it.
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack.hpp>
#include <jx/pack/sql.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace jx::bench {

/// Start, a user task, three branches of a user task each, join, end.
inline constexpr const char* three_branches = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:jx="urn:junxian:bpmn:1"
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

[[noreturn]] inline void stop(const Error& error) {
  std::fprintf(stderr, "bench: %s\n", error.text().c_str());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Seconds of processor time.
inline double cpu_seconds(clockid_t of = CLOCK_THREAD_CPUTIME_ID) {
  timespec now{};
  clock_gettime(of, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

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

/// An office on a database: SQLite's file or PostgreSQL's URL. Thread-safe but for its making.
class County {
 public:
  /// On an empty database, or one that a County of the same process has made.
  County(const std::string& url, const std::string& bpmn, const std::function<void(cases::Registry&)>& services = {}) {
    database_ = must(db::Database::open({.url = url, .connections = 16}));
    const db::SqlBundle* bundles[] = {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &cases::sql_bundle()};
    must(db::migrate(*database_, bundles));
    if (services) services(handlers_);
    calendar::Spec spec;
    spec.id = "cn";
    spec.zone = "Asia/Shanghai";
    calendar_ = std::make_shared<const calendar::Calendar>(must(calendar::Calendar::make(spec)));
    engine_ = std::make_unique<cases::Engine>(cases::Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, nullptr});
    const auto pack = must(pack::Pack::of(
        {{"pack.yaml", "key: bench\nname: {en: Bench, zh-CN: 测试}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n"},
         {"processes/bench.bpmn", bpmn}}));
    const auto part = cases::pack_part(&handlers_);
    must(database_->write(no_deadline, [&](db::Tx& tx) { return part->apply(tx, context(), pack); }));
  }

  template <class F>
  auto act(F&& f) {
    return must(database_->write_guarded(no_deadline, std::forward<F>(f)));
  }
  template <class F>
  auto read(F&& f) {
    return must(database_->read(no_deadline, std::forward<F>(f)));
  }
  [[nodiscard]] cases::Opening opening() const {
    cases::Opening opening;
    opening.process = ProcessId::trusted("bench");
    opening.title = "Wang Fang";
    opening.number_prefix = "YX";
    return opening;
  }
  cases::Receipt open(const cases::Opening& what) {
    const auto ctx = context();
    return act([&](db::Tx& tx) { return engine_->open(tx, ctx, what); });
  }
  std::vector<cases::TaskView> tasks(const CaseId& id) {
    const auto ctx = context();
    return read([&](db::Tx& tx) { return engine_->open_tasks(tx, ctx, id); });
  }
  void complete(const TaskId& task) {
    const auto ctx = context();
    act([&](db::Tx& tx) { return engine_->complete(tx, ctx, task, {}); });
  }
  /// From open to end, of `three_branches`.
  void one_case() {
    const auto receipt = open(opening());
    for (std::size_t done = 0; done < 4;) {
      for (const auto& task : tasks(receipt.id)) complete(task.id), ++done;
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
  cases::Engine& engine() { return *engine_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  Random& random() { return random_; }

 private:
  std::unique_ptr<db::Database> database_;
  SystemClock clock_;
  SystemRandom random_;
  std::shared_ptr<const calendar::Calendar> calendar_;  // shared, as the engine asks for it
  cases::Registry handlers_;
  std::unique_ptr<cases::Engine> engine_;
};

/// Runs `f(i)` for i = 0 .. count - 1 by so many callers at once.
template <class F>
void by_callers(int callers, std::size_t count, F&& f) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      for (std::size_t n = next++; n < count; n = next++) f(n);
    });
  }
}

[[nodiscard]] inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace jx::bench
