// office.cpp - one program of an office: opens cases, does the tasks of everybody, runs timers and services, until all cases are closed or it is
// killed. Or, with a folder, moves the closed cases into the archive there, by a clock that is two months on. Usage: fault_office <database> [folder]
#include "office.hpp"

#include <jx/cases/archive.hpp>

#include <filesystem>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace jx;

constexpr int clerks = 4;
constexpr std::int64_t numbers_max = 1'000'000;

/// What a clerk decides depends on the case alone.
cases::Completion decision(const cases::TaskView& task) {
  cases::Completion completion;
  if (task.outcomes.empty()) return completion;
  completion.outcome = std::atoll(task.title.c_str()) % 4 == 0 ? "refuse" : "approve";
  return completion;
}

/// Answers whether there was one to open. Acts that collide with those of another program are its business then.
bool open_one(fault::Office& office, std::int64_t from) {
  const auto ctx = office.context();
  const auto row = fault::office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return tx.one(fault::some_todo, from); }));
  if (!row) return false;
  cases::Opening opening;
  opening.process = ProcessId::trusted("office");
  opening.title = std::to_string(row->integer(0));
  (void)office.database().write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(taken, tx.run(fault::take_todo, row->integer(0)));
    if (taken == 0) return {};
    JX_CHECK(office.engine().open(tx, ctx, opening));
    return {};
  });
  return true;
}

void work(fault::Office& office, std::minstd_rand random) {
  const auto ctx = office.context();
  for (;;) {
    if (!open_one(office, std::uniform_int_distribution<std::int64_t>(0, numbers_max)(random) % 10'000) && !open_one(office, 0) &&
        office.still_open() == 0)
      return;
    cases::Page page;
    page.limit = 20;
    const auto list = fault::office_must(
        office.database().read(no_deadline, [&](db::Tx& tx) { return office.engine().work_list(tx, ctx, cases::Engine::List::open, page); }));
    for (const auto& task : list.items) {
      if (random() % 2 == 0) continue;
      (void)office.database().write_guarded(no_deadline, [&](db::Tx& tx) { return office.engine().complete(tx, ctx, task.id, decision(task)); });
    }
    if (list.items.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// Until nothing is left to move. Where another program is at it, it waits for its turn.
int archive(fault::Office& office, const std::filesystem::path& folder) {
  const auto keys = fault::office_must(crypto::KeyRing::load(folder / "keys"));
  const cases::Archive archive(keys, folder / "archive");
  const VirtualClock clock(office.clock().now() + std::chrono::days(62));
  const Context ctx{{.kind = Actor::Kind::system}, no_deadline, RequestId(), clock, office.random(), "en"};
  const auto& zone = office.calendar().zone();
  const auto months = [&] {
    return fault::office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return archive.months(tx, zone, zone.date_of(clock.now())); }));
  };
  for (auto left = months(); !left.empty(); left = months()) {
    auto more = archive.step(office.database(), ctx, zone, left.front().month);
    if (!more && more.error().code == ErrorCode::conflict) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    if (!fault::office_must(std::move(more))) fault::office_stop("cases are left that do not go into the archive");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return 2;
  fault::Office office(argv[1]);
  if (argc == 3) return archive(office, argv[2]);
  cases::Worker::Options options;
  options.lease = Micros{2'000'000};  // of a program that was killed: not long
  options.idle = Micros{50'000};
  cases::Worker worker(office.engine(), office.database(), office.clock(), office.random(), options);
  worker.start();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < clerks; ++i) threads.emplace_back([&] { work(office, std::minstd_rand(std::random_device{}())); });
  }
  worker.stop();
  return 0;
}
