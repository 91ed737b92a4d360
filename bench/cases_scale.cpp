// cases_scale.cpp - many cases: what they take on disk, how a full office answers, whether timers are on time.
//
//   bench_cases_scale disk [cases]                 bytes a waiting case with 20 variables, and a closed one, with their ledger entries
//   bench_cases_scale fill FILE [cases]            fills a new SQLite file with waiting cases (1,000,000)
//   bench_cases_scale full FILE                    on such a file: opening, the first page of a work list, completing a task; memory
//   bench_cases_scale timers [count] [FILE|URL]    timers due within one minute, by the workers of one program
#include "county.hpp"

#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>
#include <jx/ledger/signer.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>

namespace {

using namespace jx;
using bench::must;

constexpr int callers = 64;

constexpr const char* waits_for_a_time = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    id="definitions" targetNamespace="urn:bench" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">
  <process id="bench" isExecutable="true">
    <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="wait"/>
    <intermediateCatchEvent id="wait"><timerEventDefinition><timeDate xsi:type="tFormalExpression">due</timeDate></timerEventDefinition></intermediateCatchEvent>
    <sequenceFlow id="f2" sourceRef="wait" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>)";

/// What an application of a county holds: 20 values of the usual kinds.
boost::json::object twenty_variables(std::size_t n) {
  boost::json::object v;
  v["applicant"] = "王芳";
  v["applicant_id"] = "110105194912310" + std::to_string(100 + n % 900);
  v["phone"] = "138" + std::to_string(10'000'000 + n % 89'999'999);
  v["shop"] = "云溪县城关镇小河边餐馆";
  v["address"] = "云溪县城关镇解放路" + std::to_string(n % 300) + "号";
  v["area_m2"] = static_cast<std::int64_t>(20 + n % 200);
  v["seats"] = static_cast<std::int64_t>(n % 120);
  v["kitchen"] = true;
  v["gas"] = n % 2 == 0;
  v["staff"] = static_cast<std::int64_t>(1 + n % 12);
  v["opens_on"] = "2026-12-01";
  v["lease_until"] = "2029-11-30";
  v["capital_fen"] = static_cast<std::int64_t>(10'000'000 + n);
  v["kind"] = "individual";
  v["category"] = "hot-dishes";
  v["signboard"] = "小河边";
  v["drainage"] = false;
  v["parking"] = static_cast<std::int64_t>(n % 9);
  v["channel"] = "portal";
  v["note"] = "";
  return v;
}

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("jx-scale-" + std::to_string(::getpid()))) { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path;
};

/// Octets of the pages in use.
double octets_of(db::Database& database) {
  static constexpr db::Query used{
      "bench.used", "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s",
      ""};
  const auto row = must(database.read(no_deadline, [&](db::Tx& tx) { return tx.one(used); }));
  return static_cast<double>(row->integer(0));
}

void integrate(bench::County& county, const std::filesystem::path& folder) {
  const auto keys = folder / "keys";
  const auto ctx = county.context();
  const bool first = !std::filesystem::exists(keys);
  const auto signer = must(first ? ledger::Signer::create(keys, true) : ledger::Signer::open(keys));
  if (first) must(county.database().write(no_deadline, [&](db::Tx& tx) { return ledger::open_log(tx, ctx, "bench.example/ledger"); }));
  ledger::Sequencer sequencer(county.database(), signer);
  while (must(sequencer.step()).integrated > 0) {
  }
}

int disk(std::size_t count) {
  Folder folder;
  bench::County county(folder.path / "cases.db", bench::three_branches);
  const double before = octets_of(county.database());
  std::vector<CaseId> ids(count);
  bench::by_callers(callers, count, [&](std::size_t n) {
    auto opening = county.opening();
    opening.variables = twenty_variables(n);
    ids[n] = county.open(opening).id;
  });
  integrate(county, folder.path);
  const double waiting = octets_of(county.database()) - before;
  bench::by_callers(callers, count, [&](std::size_t n) {
    for (std::size_t done = 0; done < 4;) {
      for (const auto& task : county.tasks(ids[n])) county.complete(task.id), ++done;
    }
  });
  integrate(county, folder.path);
  const auto n = static_cast<double>(count);
  const double closed = octets_of(county.database()) - before;
  static constexpr db::Query where{"bench.where", "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 16", ""};
  const auto tables = county.read([&](db::Tx& tx) { return tx.all(where); });
  for (const auto& row : tables) std::printf("  %-40s %6.0f octets a case\n", row.text(0).c_str(), static_cast<double>(row.integer(1)) / n);
  std::printf("%zu cases with 20 variables: %.2f KB each while they wait, %.2f KB each when closed (with their ledger entries and tree)\n", count,
              waiting / n / 1024, closed / n / 1024);
  return 0;
}

int fill(const std::string& file, std::size_t count) {
  bench::County county(file, bench::three_branches);
  const auto begin = std::chrono::steady_clock::now();
  std::atomic<std::size_t> done{0};
  bench::by_callers(callers, count, [&](std::size_t n) {
    auto opening = county.opening();
    opening.variables = twenty_variables(n);
    opening.term = "10 WD";
    (void)county.open(opening);
    if (++done % 100'000 == 0) std::printf("%zu\n", done.load()), std::fflush(stdout);
  });
  std::printf("%zu cases opened, %.0f a second\n", count, static_cast<double>(count) / bench::seconds_since(begin));
  return 0;
}

double resident_mb() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

double percentile(std::vector<double> times, double p) {
  std::ranges::sort(times);
  return times[std::min(times.size() - 1, static_cast<std::size_t>(p * static_cast<double>(times.size())))];
}

int full(const std::string& file) {
  const auto begin = std::chrono::steady_clock::now();
  bench::County county(file, bench::three_branches);
  const auto ctx = county.context();
  const auto first = [&](const cases::Page& page) {
    return county.read([&](db::Tx& tx) { return county.engine().work_list(tx, ctx, cases::Engine::List::open, page); });
  };
  std::vector<cases::TaskView> some;
  some = first({}).items;
  std::printf("opened, with the first page of the work list: %.3f s\n", bench::seconds_since(begin));
  const auto timed = [&](const char* what, int runs, auto&& f) {
    std::vector<double> ms;
    for (int i = 0; i < runs; ++i) {
      const auto at = std::chrono::steady_clock::now();
      f();
      ms.push_back(bench::seconds_since(at) * 1000);
    }
    std::printf("%s: median %.2f ms, p99 %.2f ms\n", what, percentile(ms, 0.5), percentile(ms, 0.99));
  };
  cases::Page page;
  timed("first page of a work list", 1'000, [&] { some = first({}).items; });
  timed("further pages", 500, [&] {
    const auto slice = first(page);
    page.cursor = slice.next;
  });
  std::size_t next = 0;
  cases::Page walk;
  walk.limit = 200;
  timed("complete a task", 1'000, [&] {
    if (next == 0 || next >= some.size()) {
      const auto slice = first(walk);
      some = slice.items;
      next = 0;
    }
    county.complete(some[next++].id);
  });
  std::printf("resident memory %.0f MB\n", resident_mb());
  return 0;
}

int timers(std::size_t count, const std::string& url_or_file) {
  Folder folder;
  const auto url = url_or_file.empty() ? (folder.path / "timers.db").string() : url_or_file;
  bench::County county(url, waits_for_a_time);
  constexpr std::int64_t minute = 60'000'000;
  // Late enough that all are there before the first is due.
  const double opening_rate = [&] {
    const auto at = std::chrono::steady_clock::now();
    bench::by_callers(callers, 2'000, [&](std::size_t) {
      auto opening = county.opening();
      opening.variables["due"] = (county.clock().now() + Micros{365LL * 86'400'000'000}).text();
      (void)county.open(opening);
    });
    return 2'000 / bench::seconds_since(at);
  }();
  const auto lead = static_cast<std::int64_t>(static_cast<double>(count) / opening_rate * 1.5e6) + 5'000'000;
  const Instant from = county.clock().now() + Micros{lead};
  std::vector<std::pair<CaseId, Instant>> due(count);
  bench::by_callers(callers, count, [&](std::size_t n) {
    auto opening = county.opening();
    const Instant at = from + Micros{static_cast<std::int64_t>(n) * minute / static_cast<std::int64_t>(count)};
    opening.variables["due"] = at.text();
    due[n] = {county.open(opening).id, at};
  });
  if (county.clock().now() > from) std::printf("warning: the first timers were due before the last was set\n");
  cases::Worker worker(county.engine(), county.database(), county.clock(), county.random(), {});
  worker.start();
  static constexpr db::Query left{"bench.left", "SELECT count(*) FROM case_file WHERE closed_at IS NULL",
                                  "SELECT count(*) FROM case_file WHERE closed_at IS NULL"};
  for (;;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (must(county.database().read(no_deadline, [&](db::Tx& tx) { return tx.one(left); }))->integer(0) <= 2'000) break;
  }
  worker.stop();
  double worst = 0;
  double sum = 0;
  std::size_t fired = 0, twice = 0;
  for (const auto& [id, at] : due) {
    const auto events = county.read([&](db::Tx& tx) { return county.engine().timeline(tx, id); });
    std::size_t times = 0;
    for (const auto& event : events) {
      if (event.kind != "timer_fired") continue;
      ++times;
      const double late = static_cast<double>(event.at.micros - at.micros) / 1e6;
      worst = std::max(worst, late);
      sum += late;
    }
    fired += times;
    twice += times > 1 ? 1 : 0;
  }
  std::printf("%zu timers due within 60 s: %zu fired, %zu of them more than once; late by %.2f s on average, %.2f s at most\n", count, fired, twice,
              sum / static_cast<double>(std::max<std::size_t>(fired, 1)), worst);
  return fired == count && twice == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const auto number = [&](int at, std::size_t otherwise) { return argc > at ? static_cast<std::size_t>(std::atoll(argv[at])) : otherwise; };
  if (what == "disk") return disk(number(2, 20'000));
  if (what == "fill" && argc > 2) return fill(argv[2], number(3, 1'000'000));
  if (what == "full" && argc > 2) return full(argv[2]);
  if (what == "timers") return timers(number(2, 100'000), argc > 3 ? argv[3] : "");
  return std::fprintf(stderr, "usage: bench_cases_scale disk [cases] | fill FILE [cases] | full FILE | timers [count] [FILE|URL]\n"), 2;
}
