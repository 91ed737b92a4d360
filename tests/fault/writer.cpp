// writer.cpp - does acts until it is killed, from several threads, and says what it was told of each, in one write a line:
//   begin <act>    done <act>    refused <act>    unknown <act>
// Usage: fault_writer <database> <folder of the ledger's keys> <number of the first act>
#include "acts.hpp"

#include <jx/ledger/log.hpp>
#include <jx/ledger/sequencer.hpp>

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

using namespace jx;

constexpr int threads = 8;

void say(const char* what, std::int64_t act) {
  char line[64];
  const int length = std::snprintf(line, sizeof line, "%s %lld\n", what, static_cast<long long>(act));
  if (::write(STDOUT_FILENO, line, static_cast<std::size_t>(length)) != length) std::_Exit(1);
}

void do_acts(db::Database& database, std::atomic<std::int64_t>& next) {
  const SystemClock clock;
  SystemRandom random;
  for (;;) {
    const std::int64_t act = next++;
    const Context ctx{
        .actor = {}, .deadline = clock.now() + std::chrono::seconds{3}, .request = RequestId::make(clock, random), .clock = clock, .random = random};
    const auto run = [&](db::Tx& tx) { return fault::do_act(tx, ctx, act); };
    say("begin", act);
    const auto done = fault::is_keyed(act) ? database.write(ctx.deadline, fault::key_of(act), run) : database.write(ctx.deadline, run);
    const bool unknown = !done && done.error().message.en.find("not known") != std::string::npos;
    say(done ? "done" : unknown ? "unknown" : "refused", act);
  }
}

Result<> run(char** arguments) {
  JX_TRY(database, db::Database::open({.url = arguments[1], .connections = threads}));
  JX_TRY(signer, ledger::Signer::open(arguments[2]));
  ledger::Sequencer sequencer(*database, signer);
  sequencer.start();
  std::atomic<std::int64_t> next = std::strtoll(arguments[3], nullptr, 10);
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) workers.emplace_back([&] { do_acts(*database, next); });
  workers.clear();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  if (const auto done = run(argv); !done) std::fprintf(stderr, "fault_writer: %s\n", done.error().text().c_str());
  return 1;
}
